/** The noise panel: options of re-rolls, the global noise vector and the regions. */
/** @typedef {import('../../editor/editor.js').Editor} Editor */
/** @typedef {import('../../base/types.js').NoiseVector} NoiseVector */
/** @typedef {import('../../base/types.js').State} State */
/** @typedef {import('../../base/types.js').NoiseRegion} NoiseRegion */
import { find, iconButton, make } from '../../base/dom.js';
import { t } from '../../base/i18n.js';
import { toastError } from '../../base/toast.js';
import { regionColor } from '../../document/noise.js';
import { parseVector, vectorName } from '../../document/vectors.js';
import { lockRegion, regionName, renameRegion, soften } from '../../editor/regions.js';
import { applyPlan, planRemoval, planVector } from '../../editor/reroll.js';
import { className } from '../../maps/classes.js';
import { attachChannels } from './channels.js';
import { seedField, VECTOR_TYPE, vectorChip } from './seed-field.js';

const FEATHER_MAX = '64';
/** Focusable elements of a row. */
const CONTROLS = 'button, input';

/** Keeps the panel up to date. */
export class NoisePanel {
  #panel = find('.panel-noise', HTMLElement);

  /**
   * @param {Editor} editor
   * @param {import('../../base/types.js').Pane[]} panes  on which noise vectors can be dropped
   */
  constructor(editor, panes) {
    this.editor = editor;
    const { store } = editor;
    const name = find('#reroll-class-name', HTMLElement);
    const chip = find('#reroll-class-chip', HTMLElement);
    store.watch(['classes.classId', 'model', 'classes.colors'], ({ model, classes: { classId, colors } }) => {
      name.textContent = model ? className(editor.state.model, classId) : '';
      chip.style.background = colors[classId] ?? '';
    });
    store.watch(
      ['doc.noise', 'reroll.regionId', 'model', 'doc.stroking'],
      (state) => state.doc.stroking || this.#show(state),
    );
    attachChannels(store);
    const strength = find('#strength', HTMLInputElement);
    strength.addEventListener('input', () => store.set({ reroll: { strength: strength.valueAsNumber / 100 } }));
    store.watch(['reroll.strength'], (state) => {
      strength.value = String(Math.round(100 * state.reroll.strength));
      find('#strength-text', HTMLOutputElement).value = `${strength.value} %`;
    });
    for (const kind of /** @type {const} */ (['dragover', 'drop'])) {
      addEventListener(kind, (event) => {
        const id = event.dataTransfer?.types.includes(VECTOR_TYPE) ? this.#idAt(event, panes) : null;
        if (id === null) return;
        event.preventDefault();
        if (kind === 'drop') this.#give(id, parseVector(event.dataTransfer?.getData(VECTOR_TYPE) ?? ''));
      });
    }
  }

  /**
   * @param {DragEvent} event
   * @param {import('../../base/types.js').Pane[]} panes
   * @returns {number|null} the region under the pointer, 0 for the global noise, null outside
   */
  #idAt({ target, clientX, clientY }, panes) {
    const { doc } = this.editor;
    const row = target instanceof Element && target.closest('[data-region]');
    if (row) return Number(row.getAttribute('data-region'));
    const pane = panes.find(({ element }) => target instanceof Node && element.contains(target));
    if (!pane) return null;
    const box = pane.element.getBoundingClientRect();
    const point = pane.toMap({ x: clientX - box.left, y: clientY - box.top });
    const outside = this.editor.classAt(point) === null;
    return outside ? null : doc.regions[Math.floor(point.y) * doc.width + Math.floor(point.x)];
  }

  /**
   * Sets the vector of a region.
   * @param {number} id  0: the global one
   * @param {NoiseVector} [vector]  a re-roll by default
   */
  #give(id, vector) {
    applyPlan(this.editor, () => planVector(this.editor, id, vector)).catch(toastError);
  }

  /** @param {State} state */
  #show({ doc: { noise }, reroll: { regionId } }) {
    const focused = document.activeElement;
    const id = this.#panel.contains(focused) ? focused?.closest('[data-region]')?.getAttribute('data-region') : null;
    /** @returns {NodeListOf<HTMLElement>} */
    const controls = () => this.#panel.querySelectorAll(`[data-region='${id}'] :is(${CONTROLS})`);
    const place = [...controls()].findIndex((each) => each === focused);
    /** @param {NoiseVector} vector */
    const changed = (vector) => this.#give(0, vector);
    find('#global-seed', HTMLElement).replaceChildren(
      vectorChip(t('Global noise'), noise, changed),
      seedField(t('Global seed'), noise, changed),
    );
    const rows = noise.regions.map((each) => this.#row(each, each.id === regionId));
    find('#regions', HTMLElement).replaceChildren(...rows);
    // The rows were replaced: restore the focus.
    controls()[place]?.focus();
  }

  /**
   * @param {NoiseRegion} region
   * @param {boolean} active
   */
  #row(region, active) {
    const { editor } = this;
    const { id, locked = false } = region;
    const name = regionName(editor.state.model, region);
    /** @param {NoiseVector} vector */
    const changed = (vector) => this.#give(id, vector);
    const chip = vectorChip(t('Noise of {name}', { name }), region, changed);
    chip.style.borderColor = regionColor(id);
    const pick = make('button', { class: 'region-name', 'aria-pressed': String(active) }, name);
    pick.addEventListener('click', () =>
      editor.store.set({ reroll: { regionId: active ? null : id, subtract: false } }),
    );
    const text = make('span', { class: 'region-text' }, pick, make('small', {}, vectorName(region)));
    const reroll = iconButton('dice', t('Re-roll {name}', { name }), () => this.#give(id));
    reroll.disabled = locked;
    const lock = iconButton(locked ? 'lock' : 'unlock', t('Lock {name}', { name }), () => lockRegion(editor, region));
    lock.setAttribute('aria-pressed', String(locked));
    const remove = iconButton('close', t('Remove {name}', { name }), () => {
      applyPlan(editor, () => planRemoval(editor, region)).catch(toastError);
    });
    const row = make('li', { 'data-region': String(id) }, chip, text, reroll, lock, remove);
    row.classList.toggle('active', active);
    if (active) row.append(this.#more(region, name, changed));
    return row;
  }

  /**
   * Makes the controls of the active region.
   * @param {NoiseRegion} region
   * @param {string} name
   * @param {(vector: NoiseVector) => void} changed
   */
  #more(region, name, changed) {
    const { editor } = this;
    const nameInput = make('input', { maxlength: '40', 'aria-label': t('Name of {name}', { name }), value: name });
    nameInput.addEventListener('change', () => renameRegion(editor, region, nameInput.value.trim()));
    nameInput.addEventListener('keydown', ({ key }) => key === 'Enter' && nameInput.blur());
    const { feather = 0 } = region;
    const soft = make('input', { type: 'range', max: FEATHER_MAX, value: String(feather) });
    const width = make('output', {}, `${feather} px`);
    soft.addEventListener('input', () => {
      soften(editor, region, soft.valueAsNumber);
      width.value = `${soft.value} px`;
    });
    // A drag that returns to its start fires no 'change' event.
    for (const end of ['change', 'pointerup', 'pointercancel', 'blur'])
      soft.addEventListener(end, () => editor.closeStroke());
    const edge = make('label', { class: 'slider' }, make('span', {}, t('Soft edge')), make('span', {}, soft, width));
    const field = seedField(t('Seed of {name}', { name }), region, changed);
    return make('div', { class: 'region-more' }, t('Seed'), field, t('Name'), nameInput, edge);
  }
}
