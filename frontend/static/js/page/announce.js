/** Announcements for screen readers. */
/** @typedef {import('../base/types.js').Action} Action */
/** @typedef {import('../base/types.js').State} State */
import { find } from '../base/dom.js';
import { t } from '../base/i18n.js';

/** Announces a text. @param {string} text */
export function announce(text) {
  const place = find('#announcement', HTMLElement);
  // Screen readers repeat a text only if the region was empty in between.
  place.textContent = '';
  setTimeout(() => (place.textContent = text), 50);
}

/**
 * Announces what an action did: 'Undone: Brush', 'Symmetry: on', 'Re-roll all'.
 * @param {Action} action
 * @param {State} before
 * @param {State} after
 */
export function announceAction({ id, name, pressed }, before, after) {
  if (id === 'undo') announce(t('Undone: {step}', { step: t(before.doc.undoName ?? '') }));
  else if (id === 'redo') announce(t('Redone: {step}', { step: t(before.doc.redoName ?? '') }));
  else if (!pressed) announce(t(name));
  else announce(`${t(name)}: ${t(pressed(after) ? 'on' : 'off')}`);
}
