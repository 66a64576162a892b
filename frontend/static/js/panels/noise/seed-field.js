/** Swatches and seed fields for noise vectors. */
/** @typedef {import('../../base/types.js').NoiseVector} NoiseVector */
import { iconButton, make } from '../../base/dom.js';
import { UserError } from '../../base/errors.js';
import { t } from '../../base/i18n.js';
import { toast, toastError } from '../../base/toast.js';
import { parseVector, swatch, vectorName, vectorText } from '../../document/vectors.js';

/** The data type of a dragged noise vector. */
export const VECTOR_TYPE = 'application/x-oasis-draw';

/**
 * Makes a color swatch of a vector that can be dragged onto other swatches, copied and pasted.
 * @param {string} name  for display
 * @param {NoiseVector} vector
 * @param {(vector: NoiseVector) => void} changed  called with a pasted vector
 * @returns {HTMLButtonElement}
 */
export function vectorChip(name, vector, changed) {
  const label = `${name}: ${vectorName(vector)}`;
  const chip = make('button', {
    class: 'vector',
    draggable: 'true',
    'aria-label': label,
    title: label,
  });
  chip.style.background = swatch(vector);
  chip.addEventListener('dragstart', (event) => event.dataTransfer?.setData(VECTOR_TYPE, vectorText(vector)));
  chip.addEventListener('keydown', (event) => {
    const key = event.ctrlKey || event.metaKey ? event.key.toLowerCase() : '';
    if (key === 'c') copy(vector);
    else if (key === 'v') paste(changed);
    else return;
    event.preventDefault();
  });
  return chip;
}

/**
 * Makes a field that shows a seed, with buttons to copy and paste.
 * @param {string} name  for display: 'Seed of sky'
 * @param {NoiseVector} vector
 * @param {(vector: NoiseVector) => void} changed  called with a new vector
 * @returns {HTMLElement}
 */
export function seedField(name, vector, changed) {
  const seed = String(vector.seed);
  const input = make('input', { inputmode: 'numeric', autocomplete: 'off', 'aria-label': name, value: seed });
  input.addEventListener('change', () => {
    try {
      if (input.value !== seed) changed(parseVector(input.value));
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
    make('small', {}, vectorName(vector).slice(seed.length)),
    iconButton('copy', t('Copy: {name}', { name }), () => copy(vector, input)),
    iconButton('paste', t('Paste: {name}', { name }), () => paste(changed)),
  );
}

/**
 * @param {NoiseVector} vector
 * @param {HTMLInputElement} [input]  the field with its seed
 */
async function copy(vector, input) {
  try {
    await navigator.clipboard.writeText(vectorText(vector));
    toast(t('Seed copied.'));
  } catch {
    // Insecure contexts have no clipboard API; the user can still copy the selected text.
    input?.select();
    toast(t('The seed is selected: press Ctrl+C.'));
  }
}

/** @param {(vector: NoiseVector) => void} changed */
async function paste(changed) {
  const text = await navigator.clipboard?.readText().catch(() => undefined);
  try {
    if (text === undefined) throw new UserError(t('This browser does not allow pasting: type the seed.'));
    changed(parseVector(text));
  } catch (error) {
    toastError(error);
  }
}
