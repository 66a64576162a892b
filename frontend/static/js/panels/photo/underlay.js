/** A reference photo under the labels, to trace. */
/** @typedef {import('../../editor/editor.js').Editor} Editor */
import { crop } from '../../formats/photo.js';

/** Pixels a side, at most: more would not be seen. */
const UNDERLAY_SIDE = 1536;
/** How far the labels let a new reference photo through. */
const LABELS_OVER = 0.5;

/**
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
