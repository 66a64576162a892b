/**
 * Parses a CSS color.
 * @param {string} color  '#rrggbb'
 * @returns {[number, number, number]} red, green, blue, 0..255
 */
export function hexToRgb(color) {
  const value = parseInt(color.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
