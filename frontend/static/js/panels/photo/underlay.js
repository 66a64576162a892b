/** A reference photo under the labels, to trace. */
/** @typedef {import('../../editor/editor.js').Editor} Editor */
import { crop } from '../../formats/photo.js';

/** The longest side in pixels; more would not be visible. */
const UNDERLAY_SIDE = 1536;
/** The highest opacity of the labels when a reference photo is opened. */
const LABELS_OVER = 0.5;

/**
 * Shows a reference photo under the labels.
 * @param {Editor} editor
 * @param {ImageBitmap} photo
 */
export async function useUnderlay({ store, doc }, photo) {
  const { width, height } = doc;
  const scale = Math.min(
    UNDERLAY_SIDE / Math.max(width, height),
    Math.max(1, Math.min(photo.width / width, photo.height / height)),
  );
  const underlay = await createImageBitmap(crop(photo, Math.round(width * scale), Math.round(height * scale)));
  const { layers } = store.state.view;
  const labels = { ...layers.labels, opacity: Math.min(layers.labels.opacity, LABELS_OVER) };
  store.set({ view: { underlay, layers: { ...layers, labels, underlay: { ...layers.underlay, visible: true } } } });
}
