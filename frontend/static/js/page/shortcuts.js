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

/**
 * Names the pressed keys, by the letters of the user's keyboard layout or, if that is not Latin, of the US layout.
 * @param {KeyboardEvent} event
 * @returns {string} in the notation of actions: 'B', 'Shift+R', 'Ctrl+Shift+Z', '['; '' for a modifier alone
 */
export function combination(event) {
  const { key } = event;
  if (MODIFIERS.includes(key)) return '';
  // AltGr types characters; some systems report it as Ctrl and Alt.
  const typed = event.getModifierState('AltGraph');
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
