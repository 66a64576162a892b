/** @typedef {import('../../base/types.js').Draw} Draw */
import { iconButton, make } from '../../base/dom.js';
import { UserError } from '../../base/errors.js';
import { t } from '../../base/i18n.js';
import { toast, toastError } from '../../base/toast.js';
import { drawName, drawText, parseDraw, swatch } from '../../document/draws.js';

/** What a dragged draw travels as. */
export const DRAW_TYPE = 'application/x-oasis-draw';

/**
 * A draw as colors: to drag onto others, and to copy and paste by keys.
 * @param {string} name  for people
 * @param {Draw} draw
 * @param {(draw: Draw) => void} changed
 * @returns {HTMLButtonElement}
 */
export function drawChip(name, draw, changed) {
  const label = `${name}: ${drawName(draw)}`;
  const chip = make('button', { type: 'button', class: 'draw', draggable: 'true', 'aria-label': label, title: label });
  chip.style.background = swatch(draw);
  chip.addEventListener('dragstart', (event) => event.dataTransfer?.setData(DRAW_TYPE, drawText(draw)));
  chip.addEventListener('keydown', (event) => {
    const key = event.ctrlKey || event.metaKey ? event.key.toLowerCase() : '';
    if (key === 'c') copy(draw);
    else if (key === 'v') paste(changed);
    else return;
    event.preventDefault();
  });
  return chip;
}

/**
 * A seed that is seen, edited, copied and pasted.
 * @param {string} name  whose seed, for people: 'Seed of sky'
 * @param {Draw} draw
 * @param {(draw: Draw) => void} changed  a person entered another one
 * @returns {HTMLElement}
 */
export function seedField(name, draw, changed) {
  const seed = String(draw.seed);
  const input = make('input', { inputmode: 'numeric', autocomplete: 'off', 'aria-label': name, value: seed });
  input.addEventListener('change', () => {
    try {
      if (input.value !== seed) changed(parseDraw(input.value));
    } catch (error) {
      input.value = seed;
      toastError(error);
    }
  });
  input.addEventListener('focus', () => input.select());
  input.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') input.value = seed;
    if (key === 'Escape' || key === 'Enter') input.blur();
  });
  return make(
    'span',
    { class: 'seed' },
    input,
    make('small', {}, drawName(draw).slice(seed.length)),
    iconButton('copy', t('Copy: {name}', { name }), () => copy(draw, input)),
    iconButton('paste', t('Paste: {name}', { name }), () => paste(changed)),
  );
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
  const text = await navigator.clipboard?.readText().catch(() => undefined);
  try {
    if (text === undefined) throw new UserError(t('This browser does not allow pasting: type the seed.'));
    changed(parseDraw(text));
  } catch (error) {
    toastError(error);
  }
}
