/** @typedef {import('./actions.js').Action} Action */

/**
 * @param {KeyboardEvent} event
 * @returns {string} as actions write it: 'B', 'Shift+R', 'Ctrl+Shift+Z', '['
 */
function combination(event) {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const letter = /^[A-Z]$/.test(key);
  const ctrl = event.ctrlKey || event.metaKey;
  // Shift is part of typing '?' and '+', but a modifier of letters.
  return `${ctrl ? 'Ctrl+' : ''}${event.shiftKey && letter ? 'Shift+' : ''}${key}`;
}

/** @param {EventTarget|null} target */
const isTyping = (target) =>
  target instanceof HTMLTextAreaElement ||
  (target instanceof HTMLInputElement && !['range', 'checkbox', 'button'].includes(target.type));

/**
 * @param {Action[]} actions
 * @param {import('./editor.js').Editor} editor
 * @param {import('./gestures.js').Hands} hands
 * @param {(action: Action) => void} run
 */
export function attachKeyboard(actions, editor, hands, run) {
  const byKey = new Map(actions.flatMap((action) => (action.key ? [[action.key, action]] : [])));

  addEventListener('keydown', (event) => {
    if (event.altKey || isTyping(event.target) || document.querySelector('dialog[open]')) return;
    if (event.key === ' ') return holdSpace(event);
    if (event.key === 'Escape' && editor.doc.isOpen) return editor.cancelStroke();
    const action = byKey.get(combination(event));
    if (!action) return;
    event.preventDefault();
    if (event.repeat && action.release) return;
    if (action.enabled?.(editor.state) === false) return;
    run(action);
    if (action.release) held.set(event.code, action.release);
  });
  /** What ends when its key comes up. @type {Map<string, () => void>} */
  const held = new Map();
  /** @param {string} code */
  const release = (code) => {
    held.get(code)?.();
    held.delete(code);
  };
  addEventListener('keyup', ({ code }) => release(code));
  addEventListener('blur', () => [...held.keys()].forEach(release));

  // A button reached by Tab keeps its Space; after a click Space pans, and no ring
  // lights up around the clicked button at the next key.
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
    hands.space = down;
    document.body.classList.toggle('space', down);
  };
  addEventListener('keyup', (event) => {
    if (event.key !== ' ' || !hands.space) return;
    event.preventDefault();
    setSpace(false);
  });
  addEventListener('blur', () => setSpace(false));
}
