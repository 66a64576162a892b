/** Which keys do what: an action's own, unless a person chose others. Those are kept in the browser. */
/** @typedef {import('../base/types.js').Action} Action */
/** @typedef {import('../base/types.js').Shortcuts} Shortcuts */
import { t } from '../base/i18n.js';

const MODIFIERS = ['Control', 'Shift', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'Dead', 'Unidentified', 'Process'];
const MAC = /Mac|iP/.test(navigator.platform);

/** How caps are written; the others are words. @type {Record<string, string>} */
const CAPS = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  ...(MAC ? { Ctrl: '⌘', Shift: '⇧', Alt: '⌥' } : {}),
};

/**
 * What was pressed, in the letters of the person's own keyboard; where those are not Latin, in those of the key's place.
 * @param {KeyboardEvent} event
 * @returns {string} as actions write it: 'B', 'Shift+R', 'Ctrl+Shift+Z', '['; '' for a modifier alone
 */
export function combination(event) {
  const { key } = event;
  if (MODIFIERS.includes(key)) return '';
  // AltGr types: on some systems it comes as Ctrl and Alt.
  const typed = event.getModifierState('AltGraph');
  const alt = event.altKey && !typed;
  const place = /^Key(.)$/.exec(event.code)?.[1];
  const letter = (alt || key > '\x7f') && key.length === 1 && !typed ? place : null;
  const cap = letter ?? (key === ' ' ? 'Space' : key.length === 1 ? key.toUpperCase() : key);
  const parts = [
    event.metaKey || (event.ctrlKey && !typed) ? 'Ctrl' : '',
    alt ? 'Alt' : '',
    // Shift is part of typing '?' and '+', but a modifier of letters and of keys with names.
    event.shiftKey && (cap.length > 1 || /\p{L}/u.test(cap)) ? 'Shift' : '',
    cap,
  ];
  return parts.filter(Boolean).join('+');
}

/**
 * @param {Action} action
 * @param {Shortcuts} custom
 * @returns {string} '' for none
 */
export const keyOf = ({ id, key = '' }, custom) => custom[id] ?? key;

/**
 * @param {Action[]} actions
 * @param {Shortcuts} custom
 * @param {Action} action  gets `key`; who had it has none from then on
 * @param {string} key
 * @returns {Shortcuts}
 */
export function withKey(actions, custom, action, key) {
  const next = { ...custom };
  const holder = key && actions.find((other) => other !== action && keyOf(other, custom) === key);
  if (holder) next[holder.id] = '';
  if (key === (action.key ?? '')) delete next[action.id];
  else next[action.id] = key;
  return next;
}

/**
 * @param {string} key
 * @returns {string[]} what is printed on the caps
 */
export const caps = (key) => key.split(/\+(?=.)/).map((cap) => CAPS[cap] ?? (cap.length > 1 ? t(cap) : cap));

/** @param {string} key */
export const keyText = (key) => caps(key).join(MAC ? '' : '+');

/** @param {string} key */
export const ariaKey = (key) => key.replace('Ctrl', MAC ? 'Meta' : 'Control');
