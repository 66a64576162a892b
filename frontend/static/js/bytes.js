/**
 * @param {Uint8Array[]} parts
 * @returns {Uint8Array<ArrayBuffer>} one after the other
 */
export function concat(parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
