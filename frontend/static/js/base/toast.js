/** Messages at the bottom of the page, and reports of bugs. */
import { find, icon, make } from './dom.js';
import { UserError } from './errors.js';
import { t } from './i18n.js';

/** Milliseconds. */
const STAY = 7000;

/**
 * Shows a message for a few seconds, or until it is dismissed if it offers an action.
 * @param {string} message  in English or translated
 * @param {'note'|'error'} [kind]
 * @param {{name: string, perform: () => void|Promise<void>}|null} [offer]  an action, as a button
 */
export function toast(message, kind = 'note', offer = null) {
  const host = find('#toasts', HTMLElement);
  for (const old of host.children) if (old.querySelector('p')?.textContent === t(message)) old.remove();
  const close = make('button', { class: 'icon-button', 'aria-label': t('Dismiss') }, icon('close'));
  const box = make(
    'div',
    { class: `toast ${kind}`, role: kind === 'error' ? 'alert' : 'status' },
    make('p', {}, t(message)),
    close,
  );
  close.addEventListener('click', () => box.remove());
  if (offer) {
    const button = make('button', { class: 'quiet' }, offer.name);
    button.addEventListener('click', async () => {
      box.remove();
      await Promise.resolve(offer.perform()).catch(toastError);
    });
    close.before(button);
  }
  const leave = () => (box.matches(':hover, :focus-within') ? setTimeout(leave, STAY) : box.remove());
  if (!offer) setTimeout(leave, STAY);
  // A modal dialog makes everything outside it inert.
  const dialog = document.querySelector('dialog:modal');
  if (dialog && !dialog.contains(host)) {
    dialog.append(host);
    dialog.addEventListener('close', () => document.body.append(host), { once: true });
  }
  host.append(box);
}

/**
 * Shows the message of a UserError. Any other error is a bug, which `attachFaults` shows.
 * @param {unknown} error
 */
export function toastError(error) {
  if (error instanceof UserError) toast(error.message, 'error');
  else reportError(error);
}

/** Shows every uncaught error, with a button that copies its details. */
export function attachFaults() {
  /** @param {unknown} fault */
  const show = (fault) => {
    const details = fault instanceof Error ? (fault.stack ?? String(fault)) : String(fault);
    const copy = () => navigator.clipboard.writeText(`${details}\n\n${location.href}\n${navigator.userAgent}`);
    toast('Something went wrong. Your work is still here.', 'error', {
      name: t('Copy the details'),
      perform: () => copy().catch(() => toast(details, 'error')),
    });
  };
  // Browsers report resize loops as events without an error object; those are harmless.
  addEventListener('error', ({ error }) => error && show(error));
  addEventListener('unhandledrejection', ({ reason }) => show(reason));
}
