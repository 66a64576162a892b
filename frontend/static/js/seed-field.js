/** @typedef {import('./types.js').Draw} Draw */
import { icon, make } from './dom.js';
import { t } from './i18n.js';
import { drawName, drawText, parseDraw, swatch } from './noise/draws.js';
import { toast, toastError } from './toast.js';

/**
 * A draw as colours, which can be dragged onto others, copied and pasted over.
 * @param {string} name  for people
 * @param {Draw} draw
 * @param {(draw: Draw) => void} changed
 * @returns {HTMLButtonElement}
 */
export function drawChip(name, draw, changed) {
  const label = `${name}: ${drawName(draw)}`;
  const chip = make('button', { type: 'button', class: 'draw', draggable: 'true', 'aria-label': label, title: label });
  chip.style.background = swatch(draw);
  chip.addEventListener('dragstart', (event) => event.dataTransfer?.setData('text/plain', drawText(draw)));
  chip.addEventListener('keydown', (event) => {
    const key = (event.ctrlKey || event.metaKey) && event.key.toLowerCase();
    if (key === 'c') copy(draw);
    if (key === 'v') paste(changed);
    if (key === 'c' || key === 'v') event.preventDefault();
  });
  return chip;
}

/**
 * Lets draws be dropped on an element.
 * @param {HTMLElement} element
 * @param {(draw: Draw, event: DragEvent) => void} changed
 */
export function takesDraws(element, changed) {
  /** @param {DragEvent} event */
  const fits = (event) => event.dataTransfer?.types.includes('text/plain') && !event.dataTransfer.types.includes('Files');
  element.addEventListener('dragover', (event) => {
    if (!fits(event)) return;
    event.preventDefault();
    element.classList.add('drop');
  });
  element.addEventListener('dragleave', () => element.classList.remove('drop'));
  element.addEventListener('drop', (event) => {
    element.classList.remove('drop');
    if (!fits(event)) return;
    event.preventDefault();
    attempt(() => changed(parseDraw(event.dataTransfer?.getData('text/plain') ?? ''), event));
  });
}

/**
 * A seed that is seen, edited, copied and pasted.
 * @param {string} name  whose seed, for people: 'Seed of sky'
 * @param {(draw: Draw) => void} changed  a person entered another one
 * @returns {{element: HTMLElement, show: (draw: Draw) => void}}
 */
export function seedField(name, changed) {
  const input = make('input', { type: 'text', inputmode: 'numeric', autocomplete: 'off', spellcheck: 'false', 'aria-label': name });
  const moved = make('small');
  const buttons = /** @type {const} */ (['copy', 'paste']).map((what) => {
    const label = t(what === 'copy' ? 'Copy: {name}' : 'Paste: {name}', { name });
    const button = make('button', { type: 'button', class: 'icon-button', 'aria-label': label, title: label }, icon(what));
    button.addEventListener('click', () => (what === 'copy' ? copy(shown, input) : paste(changed)));
    return button;
  });
  /** @type {Draw} */
  let shown = { seed: 0 };

  /** @param {Draw} draw */
  const show = (draw) => {
    shown = draw;
    input.value = String(draw.seed);
    moved.textContent = draw.blend?.length ? drawName(draw).slice(input.value.length) : '';
  };
  input.addEventListener('change', () => {
    try {
      const draw = parseDraw(input.value);
      if (drawText(draw) !== String(shown.seed)) changed(draw);
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
  return { element: make('span', { class: 'seed' }, input, moved, ...buttons), show };
}

/**
 * @param {Draw} draw
 * @param {HTMLInputElement} [input]  that shows its seed
 */
async function copy(draw, input) {
  try {
    await navigator.clipboard.writeText(drawText(draw));
    toast(t('Seed copied.'));
  } catch {
    // Outside a secure context there is no clipboard; a selection can still be copied.
    input?.select();
    toast(t('The seed is selected: press Ctrl+C.'));
  }
}

/** @param {(draw: Draw) => void} changed */
async function paste(changed) {
  const text = await navigator.clipboard?.readText().catch(() => null);
  attempt(() => {
    if (text === null || text === undefined) throw new Error(t('This browser does not let the page paste: type the seed.'));
    changed(parseDraw(text));
  });
}

/** @param {() => void} work */
function attempt(work) {
  try {
    work();
  } catch (error) {
    toastError(error);
  }
}
