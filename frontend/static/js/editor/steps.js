/** Undoable steps that replace the whole map or the picture. */
/** @typedef {import('../base/types.js').Snapshot} Snapshot */
/** @typedef {import('./editor.js').Editor} Editor */
import { UserError } from '../base/errors.js';
import { t } from '../base/i18n.js';
import { resizeNearest } from '../maps/labelmap.js';
import { fits, sizeFor } from '../maps/size.js';

/**
 * Replaces the label map. The canvas takes its aspect ratio, and its resolution if the model can paint it.
 * @param {Editor} editor
 * @param {string} name
 * @param {import('../base/types.js').LabelMap} map
 * @param {number} [seed]  of the noise, by default the current one; regions are dropped
 */
export function replaceLabels(editor, name, map, seed = editor.doc.noise.seed) {
  const { model } = editor;
  const larger = map.labels.length > editor.doc.labels.length ? map : editor.doc;
  const { width, height } = sizeFor(map, larger, model);
  const labels = resizeNearest(map.labels, map.width, map.height, width, height);
  replace(editor, name, { width, height, labels, noise: { seed, regions: [] } });
}

/**
 * Opens a photo: the map takes its size and its labels.
 * @param {Editor} editor
 * @param {import('../base/types.js').Photo} photo
 * @param {number} seed
 */
export function openPhoto(editor, photo, seed) {
  const { width, height } = photo.picture;
  replace(editor, t('Open a photo'), { width, height, labels: photo.labels, noise: { seed, regions: [] }, photo });
}

/**
 * Replaces all maps, and releases frozen pixels.
 * @param {Editor} editor
 * @param {string} name
 * @param {import('../base/types.js').LabelMap & Pick<Snapshot, 'noise'> & Partial<Pick<Snapshot, 'regions'|'photo'>>} content
 * @param {ImageData} [picture]  the new picture, if it is known
 */
function replace(editor, name, content, picture) {
  const regions = new Uint8Array(content.labels.length);
  const { doc } = editor;
  const change = () => doc.assign({ regions, photo: null, ...content, frozen: null, version: doc.version });
  editor.edit(name, change, picture);
}

/**
 * Restores an earlier result.
 * @param {Editor} editor
 * @param {Snapshot} snapshot
 * @param {ImageData} picture
 */
export function restore(editor, snapshot, picture) {
  editor.pictures.put(snapshot.version, picture);
  editor.edit('Back to an earlier result', () => editor.doc.assign(snapshot));
}

/**
 * Adopts a picture painted outside the live connection.
 * @param {Editor} editor
 * @param {import('../base/types.js').Content} content  what it was painted from
 * @param {ImageData} picture
 */
export function takePicture(editor, { width, labels, regions, noise }, picture) {
  const height = labels.length / width;
  const { photo } = editor.doc;
  // The photo stays available, but the new picture is shown.
  const aside = photo && photo.labels.length === labels.length ? { ...photo, shown: false } : null;
  replace(editor, t('Choose a recreation'), { width, height, labels, regions, noise, photo: aside }, picture);
}

/**
 * Resizes the maps and their content.
 * @param {Editor} editor
 * @param {number} width
 * @param {number} height
 * @throws {UserError} if the model cannot paint that size
 */
export function resize(editor, width, height) {
  const { model } = editor;
  if (!fits(model, { width, height })) {
    throw new UserError(
      t('Sides must be multiples of {stride}, at most {most}.', { stride: model.stride, most: model.limits.side }),
    );
  }
  editor.edit(t('Resize to {size}', { size: `${width} × ${height}` }), () => editor.doc.resize(width, height));
}

/**
 * Shows the photo where nothing was edited, or the painted picture everywhere.
 * @param {Editor} editor
 * @param {boolean} shown
 */
export function showPhoto(editor, shown) {
  const { photo } = editor.doc;
  if (!photo || photo.shown === shown) return;
  editor.edit(shown ? 'Keep the photo' : 'Release the photo', () => (editor.doc.photo = { ...photo, shown }));
}
