/** Steps that replace the whole map or put something on screen. Each can be undone. */
/** @typedef {import('../base/types.js').Snapshot} Snapshot */
/** @typedef {import('./editor.js').Editor} Editor */
import { UserError } from '../base/errors.js';
import { t } from '../base/i18n.js';
import { resizeNearest } from '../maps/labelmap.js';
import { fits, sizeFor } from '../maps/size.js';

/**
 * Replaces the label map. The canvas takes its shape, and no pixel of it is lost where the server paints that many.
 * @param {Editor} editor
 * @param {string} name
 * @param {import('../base/types.js').LabelMap} map
 * @param {number} [seed]  that of the document unless given; its regions are dropped either way
 */
export function replaceLabels(editor, name, map, seed = editor.doc.noise.seed) {
  const { model } = editor.state;
  if (!model) throw new UserError(t('No model is ready to paint.'));
  const larger = map.labels.length > editor.doc.labels.length ? map : editor.doc;
  const { width, height } = sizeFor(map, larger, model);
  const labels = resizeNearest(map.labels, map.width, map.height, width, height);
  replace(editor, name, { width, height, labels, noise: { seed, regions: [] } });
}

/**
 * Opens a photo: the map gets its size and its labels.
 * @param {Editor} editor
 * @param {import('../base/types.js').Photo} photo
 * @param {number} seed
 */
export function openPhoto(editor, photo, seed) {
  const { width, height } = photo.picture;
  replace(editor, t('Open a photo'), { width, height, labels: photo.labels, noise: { seed, regions: [] }, photo });
}

/**
 * Replaces all maps; no pixels are shown.
 * @param {Editor} editor
 * @param {string} name
 * @param {import('../base/types.js').LabelMap & Pick<Snapshot, 'noise'> & Partial<Pick<Snapshot, 'regions'|'photo'>>} content
 * @param {ImageData} [picture]  what it looks like, if that is known
 */
function replace(editor, name, content, picture) {
  const regions = new Uint8Array(content.labels.length);
  const { doc } = editor;
  const change = () => doc.assign({ regions, photo: null, ...content, frozen: null, version: doc.version });
  editor.edit(name, change, picture);
}

/**
 * Goes back to an earlier result.
 * @param {Editor} editor
 * @param {Snapshot} snapshot
 * @param {ImageData} picture
 */
export function restore(editor, snapshot, picture) {
  editor.pictures.put(snapshot.version, picture);
  editor.edit('Back to an earlier result', () => editor.doc.assign(snapshot));
}

/**
 * Takes a picture made elsewhere.
 * @param {Editor} editor
 * @param {import('../base/types.js').Content} content  what it was made from
 * @param {ImageData} picture
 */
export function takePicture(editor, { width, labels, regions, noise }, picture) {
  const height = labels.length / width;
  const { photo } = editor.doc;
  // It stays available, but what is taken is what shall be seen.
  const aside = photo && photo.labels.length === labels.length ? { ...photo, shown: false } : null;
  replace(editor, t('Choose a recreation'), { width, height, labels, regions, noise, photo: aside }, picture);
}

/**
 * Resizes the maps, and what is painted with them.
 * @param {Editor} editor
 * @param {number} width
 * @param {number} height
 * @throws {UserError} if the model cannot paint that size
 */
export function resize(editor, width, height) {
  const { model } = editor.state;
  if (!model) throw new UserError(t('No model is ready to paint.'));
  if (!fits(model, { width, height })) {
    throw new UserError(
      t('Sides must be multiples of {stride}, at most {most}.', { stride: model.stride, most: model.limits.side }),
    );
  }
  editor.edit(t('Resize to {size}', { size: `${width} × ${height}` }), () => editor.doc.resize(width, height));
}

/**
 * From here on the photo stays on screen where labels and noise regions are as they were segmented, or does not.
 * @param {Editor} editor
 * @param {boolean} shown
 */
export function showPhoto(editor, shown) {
  const { photo } = editor.doc;
  if (!photo || photo.shown === shown) return;
  editor.edit(shown ? 'Keep the photo' : 'Release the photo', () => (editor.doc.photo = { ...photo, shown }));
}
