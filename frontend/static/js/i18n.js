/** The page's words in the language of the person: English is the key, a catalogue has the rest. */

/** English text -> the same in the language of now; empty for English. @type {Record<string, string>} */
let catalogue = {};

/** @param {Record<string, string>} words */
export function useCatalogue(words) {
  catalogue = words;
}

/**
 * @param {string} text  in English, with {names} of values in it
 * @param {Record<string, string|number>} [values]
 * @returns {string} for people
 */
export function t(text, values = {}) {
  return (catalogue[text] ?? text).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
