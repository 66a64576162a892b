/** The browser's local storage, for the page's settings. */

/**
 * Reads a stored value.
 * @param {string} key
 * @returns {string|null} null if there is none or storage is blocked
 */
export function loadItem(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/**
 * Stores a value, unless storage is blocked or full.
 * @param {string} key
 * @param {string} value
 */
export function saveItem(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The setting still holds until the page is closed.
  }
}
