/** Connects every `data-action` button with its action: icon, name, state, shortcut and click. */
/** @typedef {import('../base/types.js').State} State */
/** @typedef {import('../base/types.js').Action} Action */
import { icon } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { ariaKey, keyOf, keyText } from './shortcuts.js';

/**
 * Connects the buttons.
 * @param {Action[]} actions
 * @param {import('../base/store.js').Store<State>} store
 * @param {(action: Action) => void} run
 */
export function bindButtons(actions, store, run) {
  const byId = new Map(actions.map((action) => [action.id, action]));
  const buttons = [...document.querySelectorAll('button[data-action]')].map((found) => {
    const button = /** @type {HTMLButtonElement} */ (found);
    const action = byId.get(button.dataset.action ?? '');
    if (!action) throw new Error(`The page has a button for the unknown action '${button.dataset.action}'.`);
    if (action.icon && !button.querySelector('svg')) button.prepend(icon(action.icon));
    if (!button.textContent?.trim()) button.setAttribute('aria-label', t(action.name));
    button.dataset.tip = t(action.name);
    const { release } = action;
    if (release) {
      button.addEventListener('pointerdown', () => run(action));
      button.addEventListener('keydown', ({ key }) => [' ', 'Enter'].includes(key) && run(action));
      for (const end of ['pointerup', 'pointerleave', 'pointercancel', 'keyup', 'blur'])
        button.addEventListener(end, release);
    } else {
      button.addEventListener('click', () => run(action));
    }
    return { button, action };
  });

  // Newer browsers close dialogs on an outside click themselves.
  if (!('closedBy' in HTMLDialogElement.prototype)) {
    addEventListener(
      'click',
      ({ target }) => target instanceof HTMLDialogElement && target.hasAttribute('closedby') && target.close(),
    );
  }

  store.watch(['shortcuts.custom'], ({ shortcuts: { custom } }) => {
    for (const { button, action } of buttons) {
      const key = keyOf(action, custom);
      if (key) button.setAttribute('aria-keyshortcuts', ariaKey(key));
      else button.removeAttribute('aria-keyshortcuts');
      button.dataset.key = keyText(key);
    }
  });

  const states = /** @type {(keyof State)[]} */ (Object.keys(store.state));
  store.watch(states, (state) => {
    // No button can be clicked during a stroke, and updating them costs time.
    if (state.doc.stroking) return;
    for (const { button, action } of buttons) {
      button.disabled = action.enabled?.(state) === false;
      button.title = t(action.obstacle?.(state) ?? '');
      if (!action.pressed) continue;
      const on = String(action.pressed(state));
      button.setAttribute(button.getAttribute('role') === 'switch' ? 'aria-checked' : 'aria-pressed', on);
    }
  });
}
