/** Lock and eye of a class in the list. */
/** @typedef {import('../../editor/editor.js').Editor} Editor */
/** @typedef {import('../../base/types.js').State} State */
import { icon, make } from '../../base/dom.js';
import { t } from '../../base/i18n.js';
import { toggleMark } from '../../editor/label-commands.js';

/**
 * @param {Editor} editor
 * @param {{id: number, name: string}} info  of a class
 * @returns {{buttons: HTMLElement[], show: (state: State) => void}}
 */
export function classMarks(editor, { id, name }) {
  /** @type {(mark: 'locked'|'hidden', symbols: [string, string]) => {button: HTMLElement, show: (state: State) => void}} */
  const mark = (of, symbols) => {
    const button = make('button', { type: 'button', class: `mark ${of}` });
    button.addEventListener('click', () => toggleMark(editor, of, id));
    button.setAttribute('aria-label', of === 'locked' ? t('Lock {name}', { name }) : t('Hide {name}', { name }));
    const show = (/** @type {State} */ state) => {
      const on = state.classes[of].includes(id);
      if (button.getAttribute('aria-pressed') === String(on)) return;
      button.setAttribute('aria-pressed', String(on));
      button.replaceChildren(icon(symbols[Number(on)]));
    };
    return { button, show };
  };
  const marks = [mark('locked', ['unlocked', 'lock']), mark('hidden', ['eye', 'eye-off'])];
  return { buttons: marks.map(({ button }) => button), show: (state) => marks.forEach(({ show }) => show(state)) };
}
