import { find, icon, make } from './dom.js';

const STAY = 7000;

/**
 * Says something in plain words, for a while or until it is dismissed.
 * @param {string} message
 * @param {'note'|'error'} [kind]
 */
export function toast(message, kind = 'note') {
  const host = find('#toasts', HTMLElement);
  for (const old of host.children) if (old.textContent === message) old.remove();
  const close = make('button', { type: 'button', class: 'icon-button', 'aria-label': 'Dismiss' }, icon('close'));
  const box = make('div', { class: `toast ${kind}`, role: kind === 'error' ? 'alert' : 'status' }, make('p', {}, message), close);
  close.addEventListener('click', () => box.remove());
  setTimeout(() => box.remove(), STAY);
  host.append(box);
}

/** @param {unknown} error */
export function toastError(error) {
  toast(error instanceof Error ? error.message : String(error), 'error');
}
