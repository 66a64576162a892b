import { icon, make } from './dom.js';
import { parseSeed } from './noise.js';
import { toast, toastError } from './toast.js';

/**
 * A seed that is seen, edited and copied.
 * @param {string} name  whose seed, for people: 'Seed of sky'
 * @param {(seed: number) => void} changed  a person entered another one
 * @returns {{element: HTMLElement, show: (seed: number) => void}}
 */
export function seedField(name, changed) {
  const input = make('input', { type: 'text', inputmode: 'numeric', autocomplete: 'off', spellcheck: 'false', 'aria-label': name });
  const copy = make('button', { type: 'button', class: 'icon-button', 'aria-label': `Copy: ${name}` }, icon('copy'));
  let shown = 0;

  /** @param {number} seed */
  const show = (seed) => {
    shown = seed;
    input.value = String(seed);
  };
  input.addEventListener('change', () => {
    try {
      const seed = parseSeed(input.value);
      if (seed !== shown) changed(seed);
    } catch (error) {
      show(shown);
      toastError(error);
    }
  });
  input.addEventListener('focus', () => input.select());
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') show(shown);
    if (event.key === 'Escape' || event.key === 'Enter') input.blur();
  });
  copy.addEventListener('click', async () => {
    // Outside a secure context there is no clipboard; a selection can still be copied.
    if (navigator.clipboard) await navigator.clipboard.writeText(input.value).catch(() => input.select());
    else input.select();
    toast(navigator.clipboard ? 'Seed copied.' : 'The seed is selected: press Ctrl+C.');
  });
  return { element: make('span', { class: 'seed' }, input, copy), show };
}
