/** The bar over the map: the options of the tool in hand, and nothing else. */
/** @typedef {import('../editor.js').Editor} Editor */
import { find } from '../dom.js';
import { SIZE_MAX } from '../editor.js';

/** @param {Editor} editor */
export function attachOptions({ store }) {
  slider('size', 'size', SIZE_MAX);
  slider('gap', 'gap');
  const options = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.options [data-for]'));
  store.watch(['tool', 'pen'], ({ tool, pen }) => {
    for (const option of options) {
      const tools = option.dataset.for?.split(' ') ?? [];
      option.hidden = !tools.includes(tool) || (option.hasAttribute('data-pen') && !pen);
    }
  });

  /** @type {(id: string, key: 'size'|'gap', max?: number) => void} */
  function slider(id, key, max) {
    const input = find(`#${id}`, HTMLInputElement);
    const text = find(`#${id}-text`, HTMLOutputElement);
    if (max) input.max = String(max);
    input.addEventListener('input', () => store.set({ [key]: input.valueAsNumber }));
    store.watch([key], (state) => {
      input.value = String(state[key]);
      text.value = `${state[key]} px`;
    });
  }
}
