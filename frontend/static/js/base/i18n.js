/**
 * Translations. The English text is the key into the catalog of a language. The language is chosen when the page
 * loads: the user's choice, or else the browser's language.
 */

import { loadItem, saveItem } from './storage.js';

/** Catalogs by language code; English needs none. @type {Record<string, () => Promise<{default: string}>>} */
const CATALOGS = { de: () => import('./lang/de.js') };
const PARTS = ['aria-label', 'placeholder', 'aria-description', 'title', 'alt', 'data-tip'];

/** English text -> translation; empty for English. @type {Map<string, string>} */
let catalog = new Map();
export let language = 'en';

/** Loads the catalog of the user's language. If it fails to load, the page stays in English. */
export async function loadLanguage() {
  const wanted = (loadItem('language') ?? navigator.language).slice(0, 2);
  // The page works without a catalog.
  const found = await CATALOGS[wanted]?.().catch(() => null);
  if (found) {
    const lines = found.default.trim().split('\n');
    catalog = new Map(lines.map((line) => /** @type {[string, string]} */ (line.split('|'))));
    language = wanted;
  }
  document.documentElement.lang = language;
}

/**
 * Translates a text.
 * @param {string} text  in English, with placeholders such as {name}; the catalog may have {n} for a number in it
 * @param {Record<string, string|number>} [values]  of the placeholders
 * @returns {string}
 */
export function t(text, values = {}) {
  const number = /\d+/.exec(text)?.[0] ?? '';
  const known = catalog.get(text) ?? catalog.get(text.replace(number, '{n}'));
  return (known ?? text).replace(/\{(\w+)\}/g, (whole, name) =>
    String(values[name] ?? (name === 'n' ? number : whole)),
  );
}

/**
 * Finds everything in a template that needs translation.
 * @param {ParentNode & Node} root
 * @returns {Iterable<Node>} text nodes and attributes that contain a letter
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

/** Translates the page. Call it before scripts add text. */
export function translatePage() {
  if (catalog.size === 0) return;
  for (const node of words(document.body)) {
    const text = node.nodeValue?.trim() ?? '';
    node.nodeValue = node.nodeValue?.replace(text, () => t(text.replace(/\s+/g, ' '))) ?? null;
  }
}

/** Switches between English and German by reloading the page. */
export function switchLanguage() {
  saveItem('language', language === 'en' ? 'de' : 'en');
  location.reload();
}
