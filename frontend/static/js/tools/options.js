/** The option bar over the map: the options of the current tool. */
/** @typedef {import('../editor/editor.js').Editor} Editor */
import { find } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { SIZE_MAX } from '../base/limits.js';
import { toolOf } from './tools.js';

/** Connects the option bar. @param {Editor} editor */
export function attachOptions({ store }) {
  slider('size', 'size', SIZE_MAX);
  slider('gap', 'gap');
  const parts = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.options [data-option]'));
  const hint = find('#tool-hint', HTMLElement);
  store.watch(['tools.tool', 'tools.pen'], ({ tools: { tool, pen } }) => {
    const { options, hint: text = '' } = toolOf(tool);
    for (const part of parts) {
      const id = /** @type {import('./tool.js').OptionId} */ (part.dataset.option);
      part.hidden = !options.includes(id) || (id === 'pen' && !pen);
    }
    hint.textContent = t(text);
    hint.hidden = !text;
  });

  /** @type {(id: string, key: 'size'|'gap', max?: number) => void} */
  function slider(id, key, max) {
    const input = find(`#${id}`, HTMLInputElement);
    const text = find(`#${id}-text`, HTMLOutputElement);
    if (max) input.max = String(max);
    input.addEventListener('input', () => store.set({ tools: { [key]: input.valueAsNumber } }));
    store.watch([`tools.${key}`], ({ tools }) => {
      input.value = String(tools[key]);
      text.value = `${tools[key]} px`;
    });
  }
}
