import { find, icon, make } from './dom.js';
import { t } from './i18n.js';

const STAY = 7000;

/**
 * Says something in plain words, for a while; with an offer, until it is taken or dismissed.
 * @param {string} message  in English or translated
 * @param {'note'|'error'} [kind]
 * @param {{name: string, perform: () => void|Promise<void>}|null} [offer]  what can be done about it
 */
export function toast(message, kind = 'note', offer = null) {
  const host = find('#toasts', HTMLElement);
  for (const old of host.children) if (old.querySelector('p')?.textContent === t(message)) old.remove();
  const close = make('button', { type: 'button', class: 'icon-button', 'aria-label': t('Dismiss') }, icon('close'));
  const box = make(
    'div',
    { class: `toast ${kind}`, role: kind === 'error' ? 'alert' : 'status' },
    make('p', {}, t(message)),
    close,
  );
  close.addEventListener('click', () => box.remove());
  if (offer) {
    const button = make('button', { type: 'button', class: 'quiet' }, offer.name);
    button.addEventListener('click', async () => {
      box.remove();
      await Promise.resolve(offer.perform()).catch(toastError);
    });
    close.before(button);
  }
  const leave = () => (box.matches(':hover, :focus-within') ? setTimeout(leave, STAY) : box.remove());
  if (!offer) setTimeout(leave, STAY);
  // All but an open dialog is out of reach.
  const dialog = document.querySelector('dialog:modal');
  if (dialog && !dialog.contains(host)) {
    dialog.append(host);
    dialog.addEventListener('close', () => document.body.append(host), { once: true });
  }
  host.append(box);
}

/** @param {unknown} error */
export function toastError(error) {
  toast(error instanceof Error ? error.message : String(error), 'error');
}
