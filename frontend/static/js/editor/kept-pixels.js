/** Pixels that a change must leave as they are on screen. */
/** @typedef {import('./editor.js').Editor} Editor */

/**
 * From here on the picture may change inside `cover` only, if the person wants that and the pixels to keep are known.
 * @param {Editor} editor
 * @param {Uint8Array} cover
 * @param {ImageData|null} [base]  the pixels to keep
 */
export function keepPixels(editor, cover, base = pixelsToKeep(editor, cover)) {
  editor.doc.kept = keptPixels(editor, cover, base);
}

/**
 * @param {Editor} editor
 * @param {Uint8Array} cover
 * @param {ImageData|null} [base]  the pixels to keep
 * @returns {import('../base/types.js').Kept|null}
 */
export function keptPixels(editor, cover, base = pixelsToKeep(editor, cover)) {
  const { kept } = editor.doc;
  if (base || !kept || !editor.state.reroll.keepOutside) return base && { picture: base, cover };
  // The last picture has not come: what it keeps is kept on.
  return { picture: kept.picture, cover: cover.map((inside, i) => inside | kept.cover[i]) };
}

/**
 * @param {Editor} editor
 * @param {Uint8Array} cover
 * @param {number} [version]  of the document before the change
 * @returns {ImageData|null} the pixels that a change inside `cover` has to keep, if they are known yet
 */
export function pixelsToKeep({ doc, pictures, state }, cover, version = state.doc.version) {
  if (!state.reroll.keepOutside) return null;
  const { kept } = doc;
  // Pixels kept already, and a cover that holds the earlier one: they are kept on.
  if (kept?.cover.every((inside, i) => inside <= cover[i])) return kept.picture;
  return pictures.get(version) ?? null;
}

/**
 * Waits until the pixels to keep are on screen, as long as a server sends them.
 * @param {Editor} editor
 * @param {Uint8Array} cover
 */
export async function untilKnown(editor, cover) {
  if (editor.state.reroll.keepOutside && !pixelsToKeep(editor, cover)) await editor.painting.settled();
}
