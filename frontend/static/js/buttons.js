/** Gives every `data-action` button of the page its icon, name, state and click. */
/** @typedef {import('./types.js').State} State */
/** @typedef {import('./actions.js').Action} Action */
import { icon } from './dom.js';

/**
 * @param {Action[]} actions
 * @param {import('./store.js').Store<State>} store
 * @param {(action: Action) => void} run
 */
export function bindButtons(actions, store, run) {
  const byId = new Map(actions.map((action) => [action.id, action]));
  const buttons = [...document.querySelectorAll('button[data-action]')].map((found) => {
    const button = /** @type {HTMLButtonElement} */ (found);
    const action = byId.get(button.dataset.action ?? '');
    if (!action) throw new Error(`The page has a button for the unknown action '${button.dataset.action}'.`);
    if (action.icon && !button.querySelector('svg')) button.prepend(icon(action.icon));
    if (!button.textContent?.trim()) button.setAttribute('aria-label', action.name);
    if (action.key) button.setAttribute('aria-keyshortcuts', ariaKey(action.key));
    button.dataset.tip = action.name;
    if (action.key) button.dataset.key = action.key;
    const { release } = action;
    if (release) {
      button.addEventListener('pointerdown', () => run(action));
      for (const end of ['pointerup', 'pointerleave', 'pointercancel']) button.addEventListener(end, release);
    } else {
      button.addEventListener('click', () => run(action));
    }
    return { button, action };
  });

  const keys = /** @type {(keyof State)[]} */ (Object.keys(store.state));
  store.watch(keys, (state) => {
    // No button can be pressed while the pointer paints, and drawing them twice a stroke costs time.
    if (state.stroking) return;
    for (const { button, action } of buttons) {
      button.disabled = action.enabled?.(state) === false;
      button.title = action.obstacle?.(state) ?? '';
      if (!action.pressed) continue;
      const on = String(action.pressed(state));
      button.setAttribute(button.getAttribute('role') === 'switch' ? 'aria-checked' : 'aria-pressed', on);
    }
  });
}

/** @param {string} key */
const ariaKey = (key) => key.replace('Ctrl', 'Control');
