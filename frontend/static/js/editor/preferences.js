/** The user's preferences, stored in the browser. */
/** @typedef {import('../base/types.js').Shortcuts} Shortcuts */
/** @typedef {import('../base/types.js').ClassState} ClassState */
import { parseJson } from '../base/json.js';
import { loadItem, saveItem } from '../base/storage.js';

/** @returns {Shortcuts} the custom shortcuts */
export const loadShortcuts = () => parseJson(loadItem('keys') ?? '') ?? {};

/** Stores the custom shortcuts. @param {Shortcuts} shortcuts */
export const saveShortcuts = (shortcuts) => saveItem('keys', JSON.stringify(shortcuts));

/** @returns {ClassState['scheme']} the color scheme of the classes */
export function loadScheme() {
  const chosen = loadItem('palette');
  return chosen === 'safe' || chosen === 'custom' ? chosen : 'own';
}

/** Stores the color scheme of the classes. @param {ClassState['scheme']} scheme */
export const saveScheme = (scheme) => saveItem('palette', scheme);
