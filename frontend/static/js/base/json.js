/**
 * Parses JSON without throwing.
 * @param {string} text
 * @returns {any} undefined if the text is not JSON
 */
export function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
