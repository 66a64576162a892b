/** What a person chose for good: stored in the browser. */
/** @typedef {import('../base/types.js').Shortcuts} Shortcuts */
/** @typedef {import('../base/types.js').ClassState} ClassState */
import { parseJson } from '../base/json.js';
import { loadItem, saveItem } from '../base/storage.js';

/** @returns {Shortcuts} */
export const loadShortcuts = () => parseJson(loadItem('keys') ?? '') ?? {};

/** @param {Shortcuts} shortcuts */
export const saveShortcuts = (shortcuts) => saveItem('keys', JSON.stringify(shortcuts));

/** @returns {ClassState['scheme']} */
export function loadScheme() {
  const chosen = loadItem('palette');
  return chosen === 'safe' || chosen === 'custom' ? chosen : 'own';
}

/** @param {ClassState['scheme']} scheme */
export const saveScheme = (scheme) => saveItem('palette', scheme);
