/** Freezes the pixels outside a change, so that the picture there stays as it is on screen. */
/** @typedef {import('./editor.js').Editor} Editor */

/**
 * Freezes the pixels outside `mask`, if "Keep the rest" is on and they are known.
 * @param {Editor} editor
 * @param {Uint8Array} mask
 * @param {ImageData|null} [base]  the picture to freeze
 */
export function freezePixels(editor, mask, base = pixelsToFreeze(editor, mask)) {
  editor.doc.frozen = frozenPixels(editor, mask, base);
}

/**
 * Computes what `freezePixels` would freeze.
 * @param {Editor} editor
 * @param {Uint8Array} mask  1 where the picture may change
 * @param {ImageData|null} [base]  the picture to freeze
 * @returns {import('../base/types.js').FrozenPixels|null}
 */
export function frozenPixels(editor, mask, base = pixelsToFreeze(editor, mask)) {
  const { frozen } = editor.doc;
  if (base || !frozen || !editor.state.reroll.keepOutside) return base && { picture: base, mask };
  // The last picture has not arrived: extend the mask of the pixels frozen before.
  return { picture: frozen.picture, mask: mask.map((inside, i) => inside | frozen.mask[i]) };
}

/**
 * Finds the picture to freeze.
 * @param {Editor} editor
 * @param {Uint8Array} mask  1 where the picture may change
 * @param {number} [version]  of the document before the change
 * @returns {ImageData|null} null if nothing is to be frozen or the picture has not arrived yet
 */
export function pixelsToFreeze({ doc, pictures, state }, mask, version = state.doc.version) {
  if (!state.reroll.keepOutside) return null;
  const { frozen } = doc;
  // The mask contains the earlier one: the same pixels stay frozen.
  if (frozen?.mask.every((inside, i) => inside <= mask[i])) return frozen.picture;
  return pictures.get(version) ?? null;
}

/**
 * Waits until the pixels to freeze are on screen, unless the server is offline.
 * @param {Editor} editor
 * @param {Uint8Array} mask
 */
export async function pixelsReady(editor, mask) {
  if (editor.state.reroll.keepOutside && !pixelsToFreeze(editor, mask)) await editor.painting.settled();
}
