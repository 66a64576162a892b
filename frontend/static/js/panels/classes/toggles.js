/** The lock and the eye of a class in the list. */
/** @typedef {import('../../editor/editor.js').Editor} Editor */
/** @typedef {import('../../base/types.js').State} State */
import { icon, make } from '../../base/dom.js';
import { t } from '../../base/i18n.js';
import { toggleFlag } from '../../editor/label-commands.js';

/**
 * Makes the buttons that lock and hide a class.
 * @param {Editor} editor
 * @param {{id: number, name: string}} info  of the class
 * @returns {{buttons: HTMLElement[], show: (state: State) => void}}
 */
export function classToggles(editor, { id, name }) {
  /** @type {(toggle: 'locked'|'hidden', symbols: [string, string]) => {button: HTMLElement, show: (state: State) => void}} */
  const toggle = (flag, symbols) => {
    const button = make('button', { class: `toggle ${flag}` });
    button.addEventListener('click', () => toggleFlag(editor, flag, id));
    button.setAttribute('aria-label', flag === 'locked' ? t('Lock {name}', { name }) : t('Hide {name}', { name }));
    const show = (/** @type {State} */ state) => {
      const on = state.classes[flag].includes(id);
      if (button.getAttribute('aria-pressed') === String(on)) return;
      button.setAttribute('aria-pressed', String(on));
      button.replaceChildren(icon(symbols[Number(on)]));
    };
    return { button, show };
  };
  const toggles = [toggle('locked', ['unlocked', 'lock']), toggle('hidden', ['eye', 'eye-off'])];
  return { buttons: toggles.map(({ button }) => button), show: (state) => toggles.forEach(({ show }) => show(state)) };
}
