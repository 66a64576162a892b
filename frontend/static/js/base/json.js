/**
 * @param {string} text
 * @returns {any} undefined when it is no JSON
 */
export function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
