/** Pixels that a change must leave as they are on screen. */
/** @typedef {import('./editor.js').Editor} Editor */

/**
 * From here on the picture may change inside `mask` only, if the person wants that and the pixels to keep are known.
 * @param {Editor} editor
 * @param {Uint8Array} mask
 * @param {ImageData|null} [base]  the pixels to keep
 */
export function freezePixels(editor, mask, base = pixelsToFreeze(editor, mask)) {
  editor.doc.frozen = frozenPixels(editor, mask, base);
}

/**
 * @param {Editor} editor
 * @param {Uint8Array} mask
 * @param {ImageData|null} [base]  the pixels to keep
 * @returns {import('../base/types.js').FrozenPixels|null}
 */
export function frozenPixels(editor, mask, base = pixelsToFreeze(editor, mask)) {
  const { frozen } = editor.doc;
  if (base || !frozen || !editor.state.reroll.keepOutside) return base && { picture: base, mask };
  // The last picture has not come: what it keeps is frozen on.
  return { picture: frozen.picture, mask: mask.map((inside, i) => inside | frozen.mask[i]) };
}

/**
 * @param {Editor} editor
 * @param {Uint8Array} mask
 * @param {number} [version]  of the document before the change
 * @returns {ImageData|null} the pixels that a change inside `mask` has to keep, if they are known yet
 */
export function pixelsToFreeze({ doc, pictures, state }, mask, version = state.doc.version) {
  if (!state.reroll.keepOutside) return null;
  const { frozen } = doc;
  // Pixels frozen already, and a mask that holds the earlier one: they are frozen on.
  if (frozen?.mask.every((inside, i) => inside <= mask[i])) return frozen.picture;
  return pictures.get(version) ?? null;
}

/**
 * Waits until the pixels to keep are on screen, as long as a server sends them.
 * @param {Editor} editor
 * @param {Uint8Array} mask
 */
export async function pixelsReady(editor, mask) {
  if (editor.state.reroll.keepOutside && !pixelsToFreeze(editor, mask)) await editor.painting.settled();
}
