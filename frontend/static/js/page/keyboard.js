/** Keyboard shortcuts. */
/** @typedef {import('../base/types.js').Action} Action */
import { combination, keyOf, signByPlace } from './shortcuts.js';

/**
 * The field of a dialog that was just closed keeps the focus until the next frame; keys are shortcuts again already.
 * @param {EventTarget|null} target
 */
const isTyping = (target) =>
  (target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLInputElement && !['range', 'checkbox', 'radio', 'color', 'button'].includes(target.type))) &&
  target.checkVisibility();

/**
 * Runs actions by their shortcuts.
 * @param {Action[]} actions
 * @param {import('../editor/editor.js').Editor} editor
 * @param {import('../tools/gesture.js').ActiveGesture} active
 * @param {(action: Action) => void} run
 */
export function attachKeyboard(actions, editor, active, run) {
  /** @type {Map<string, Action>} */
  let byKey = new Map();
  editor.store.watch(['shortcuts.custom'], ({ shortcuts: { custom } }) => {
    byKey = new Map(actions.map((action) => [keyOf(action, custom), action]));
    const redo = actions.find(({ id }) => id === 'redo');
    // Windows also uses this key for redo.
    if (redo && !byKey.has('Ctrl+Y')) byKey.set('Ctrl+Y', redo);
    byKey.delete('');
  });

  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || isTyping(event.target) || document.querySelector('dialog[open]')) return;
    if (event.key === ' ') return holdSpace(event);
    if (event.key === 'Escape' && editor.doc.isOpen) return editor.cancelStroke();
    const action = byKey.get(combination(event)) ?? byKey.get(signByPlace(event));
    if (!action) return;
    event.preventDefault();
    if (event.repeat && action.release) return;
    if (action.enabled?.(editor.state) === false) return;
    run(action);
    if (action.release) held.set(event.code, action.release);
  });
  /** Held actions by key code, with the function that ends them. @type {Map<string, () => void>} */
  const held = new Map();
  /** @param {string} code */
  const release = (code) => {
    held.get(code)?.();
    held.delete(code);
  };
  addEventListener('keyup', ({ code }) => release(code));
  addEventListener('blur', () => [...held.keys()].forEach(release));

  // A button focused by Tab is pressed by Space. A clicked button loses the focus, so that Space pans and no focus ring
  // appears at the next key.
  let tabbed = false;
  addEventListener('pointerdown', () => (tabbed = false), true);
  addEventListener('keydown', ({ key }) => (tabbed ||= key === 'Tab'), true);
  addEventListener('click', (event) => {
    const button = event.target instanceof Element && event.target.closest('button');
    if (button && event instanceof PointerEvent && event.pointerType) button.blur();
  });
  /** @param {KeyboardEvent} event */
  const holdSpace = (event) => {
    if (tabbed && document.activeElement !== document.body) return;
    event.preventDefault();
    setSpace(true);
  };
  /** @param {boolean} down */
  const setSpace = (down) => {
    active.space = down;
    document.body.classList.toggle('space', down);
  };
  addEventListener('keyup', (event) => {
    if (event.key !== ' ' || !active.space) return;
    event.preventDefault();
    setSpace(false);
  });
  addEventListener('blur', () => setSpace(false));
}
