/** Keyboard shortcuts: the default keys of the actions, unless the user chose others. */
/** @typedef {import('../base/types.js').Action} Action */
/** @typedef {import('../base/types.js').Shortcuts} Shortcuts */
import { t } from '../base/i18n.js';

const MODIFIERS = ['Control', 'Shift', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'Dead', 'Unidentified', 'Process'];
const MAC = /Mac|iP/.test(navigator.platform);

/** Symbols on key caps; other keys are written as words. @type {Record<string, string>} */
const CAPS = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  ...(MAC ? { Ctrl: '⌘', Shift: '⇧', Alt: '⌥' } : {}),
};

/** What the keys of a US keyboard type that other layouts have elsewhere, or with a modifier. @type {Record<string, string>} */
const PLACES = { BracketLeft: '[', BracketRight: ']', Minus: '-', Equal: '=', Slash: '/' };

/**
 * Names the pressed keys, by the letters of the user's keyboard layout or, if that is not Latin, of the US layout.
 * @param {KeyboardEvent} event
 * @param {boolean} [mac]  whether the keyboard is that of a Mac
 * @returns {string} in the notation of actions: 'B', 'Shift+R', 'Ctrl+Shift+Z', '['; '' for a modifier alone
 */
export function combination(event, mac = MAC) {
  const { key } = event;
  if (MODIFIERS.includes(key)) return '';
  // AltGr types characters, as Option does on a Mac; some systems report AltGr as Ctrl and Alt.
  const typed = event.getModifierState('AltGraph') || (mac && event.altKey && /^[!-/:-@[-`{-~]$/.test(key));
  const alt = event.altKey && !typed;
  const place = /^Key(.)$/.exec(event.code)?.[1];
  const letter = (alt || key > '\x7f') && key.length === 1 && !typed ? place : null;
  const cap = letter ?? (key === ' ' ? 'Space' : key.length === 1 ? key.toUpperCase() : key);
  const parts = [
    event.metaKey || (event.ctrlKey && !typed) ? 'Ctrl' : '',
    alt ? 'Alt' : '',
    // Shift is needed to type '?' and '+'; it is a modifier only of letters and named keys.
    event.shiftKey && (cap.length > 1 || /\p{L}/u.test(cap)) ? 'Shift' : '',
    cap,
  ];
  return parts.filter(Boolean).join('+');
}

/**
 * Names a digit or a sign that the pressed key types on a US keyboard, for layouts that have it elsewhere: the digits of
 * a French keyboard need Shift, and a Russian one has no brackets.
 * @param {KeyboardEvent} event
 * @returns {string} '' for other keys, and with modifiers
 */
export function signByPlace({ code, ctrlKey, metaKey, altKey, shiftKey }) {
  if (ctrlKey || metaKey || altKey || shiftKey) return '';
  return /^Digit(\d)$/.exec(code)?.[1] ?? PLACES[code] ?? '';
}

/**
 * Gets the key of an action.
 * @param {Action} action
 * @param {Shortcuts} custom
 * @returns {string} '' for none
 */
export const keyOf = ({ id, key = '' }, custom) => custom[id] ?? key;

/**
 * Assigns a key to an action, and removes it from the action that had it.
 * @param {Action[]} actions
 * @param {Shortcuts} custom
 * @param {Action} action
 * @param {string} key  '' for none
 * @returns {Shortcuts} a copy
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
 * Splits a combination into key caps.
 * @param {string} key
 * @returns {string[]} their labels
 */
export const caps = (key) => key.split(/\+(?=.)/).map((cap) => CAPS[cap] ?? (cap.length > 1 ? t(cap) : cap));

/** @param {string} key @returns {string} for display */
export const keyText = (key) => caps(key).join(MAC ? '' : '+');

/** @param {string} key @returns {string} for `aria-keyshortcuts` */
export const ariaKey = (key) => key.replace('Ctrl', MAC ? 'Meta' : 'Control');
