/** What the browser stores for the page. */

/**
 * @param {string} key
 * @returns {string|null} what is kept of it in this browser, null where nothing may be
 */
export function loadItem(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/**
 * Keeps it in this browser, if that is allowed and has room.
 * @param {string} key
 * @param {string} value
 */
export function saveItem(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // It lasts as long as the page.
  }
}
