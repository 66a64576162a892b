/**
 * The page's words in the language of the person: English is the key, a catalog has the rest. It is chosen once, when
 * the page loads; until a person chooses, the browser's language counts.
 */

import { loadItem, saveItem } from './storage.js';

/** The languages other than English, by the beginning of their tag. @type {Record<string, () => Promise<{default: string}>>} */
const CATALOGS = { de: () => import('./lang/de.js') };
const PARTS = ['aria-label', 'placeholder', 'aria-description', 'title', 'alt', 'data-tip'];

/** English text -> the same in the current language; empty for English. @type {Map<string, string>} */
let catalog = new Map();
export let language = 'en';

/** Loads the person's language. Before that, and where its catalog does not come, the page speaks English. */
export async function loadLanguage() {
  const wanted = (loadItem('language') ?? navigator.language).slice(0, 2);
  // A catalog that does not come is no reason not to paint.
  const found = await CATALOGS[wanted]?.().catch(() => null);
  if (found) {
    const lines = found.default.trim().split('\n');
    catalog = new Map(lines.map((line) => /** @type {[string, string]} */ (line.split('|'))));
    language = wanted;
  }
  document.documentElement.lang = language;
}

/**
 * @param {string} text  in English, with {names} of values in it; a number in it may stand as {n} in the catalog
 * @param {Record<string, string|number>} [values]
 * @returns {string} for people
 */
export function t(text, values = {}) {
  const number = /\d+/.exec(text)?.[0] ?? '';
  const known = catalog.get(text) ?? catalog.get(text.replace(number, '{n}'));
  return (known ?? text).replace(/\{(\w+)\}/g, (whole, name) =>
    String(values[name] ?? (name === 'n' ? number : whole)),
  );
}

/**
 * The words of a template.
 * @param {ParentNode & Node} root
 * @returns {Iterable<Node>} texts and attributes, each with a word in it
 */
export function* words(root) {
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) if (/\p{L}/u.test(text.nodeValue ?? '')) yield text;
  for (const element of root.querySelectorAll('*')) {
    for (const name of PARTS) {
      const part = element.getAttributeNode(name);
      if (part && /\p{L}/u.test(part.value)) yield part;
    }
  }
}

/** Translates the page into the current language, before any script has written on it. */
export function translatePage() {
  if (catalog.size === 0) return;
  for (const node of words(document.body)) {
    const text = node.nodeValue?.trim() ?? '';
    node.nodeValue = node.nodeValue?.replace(text, () => t(text.replace(/\s+/g, ' '))) ?? null;
  }
}

/** Switches to the other language: the page reloads. */
export function switchLanguage() {
  saveItem('language', language === 'en' ? 'de' : 'en');
  location.reload();
}
