/** Nine draws to choose from, over the photo: of everything, the active region or the selected class. */
/** @typedef {import('../editor.js').Editor} Editor */
/** @typedef {import('../reroll.js').Plan} Plan */
import { context2d, find, make } from '../dom.js';
import { hints } from '../hints.js';
import { t } from '../i18n.js';
import { composite } from '../keep.js';
import { planAll, planClass, planRegion, take } from '../reroll.js';
import { render } from '../render.js';
import { toastError } from '../toast.js';
import { drawName } from './draws.js';
import { regionName } from './regions.js';

const COUNT = 9;
const ACROSS = 3;
/** @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -ACROSS, ArrowDown: ACROSS };

/**
 * @typedef {object} Variation
 * @property {Plan} plan
 * @property {string} name  of its draw
 * @property {HTMLButtonElement} button
 * @property {ImageData|null} picture  null until it is painted
 * @property {import('../hints.js').Hints|null} hints
 */

export class Variations {
  #root = find('#variations', HTMLElement);
  #grid = find('#variation-grid', HTMLElement);
  #of = find('#variations-of', HTMLSelectElement);
  #order = find('#variations-order', HTMLSelectElement);
  #progress = find('#variations-progress', HTMLProgressElement);
  #stop = new AbortController();
  /** In the order drawn. @type {Variation[]} */
  #all = [];
  /** Where the focus was. @type {Element|null} */
  #from = null;

  /** @param {Editor} editor */
  constructor(editor) {
    this.editor = editor;
    const root = this.#root;
    // The pane below would paint and zoom.
    for (const kind of ['pointerdown', 'pointermove', 'wheel']) root.addEventListener(kind, (event) => event.stopPropagation());
    root.addEventListener('keydown', (event) => this.#pressed(event));
    addEventListener('keydown', ({ key }) => key === 'Escape' && this.close());
    find('#variations-close', HTMLElement).addEventListener('click', () => this.close());
    this.#of.addEventListener('change', () => this.#draw());
    this.#order.addEventListener('change', () => this.#sort().catch(toastError));
    // They are variations of what is there now.
    editor.store.watch(['version', 'model', 'keepOutside'], () => this.close());
  }

  /** Opens with nine draws; open already, draws nine others. */
  open() {
    const { editor } = this;
    const { state } = editor;
    if (this.#root.hidden) {
      this.#from = document.activeElement;
      const region = state.noise.regions.find(({ id }) => id === state.regionId);
      const choices = [
        ['all', t('Everything')],
        ['class', editor.className(state.classId)],
        ...(region ? [['region', regionName(editor, region)]] : []),
      ];
      this.#of.replaceChildren(...choices.map(([value, name]) => make('option', { value }, name)));
      this.#of.value = region && !region.locked ? 'region' : 'all';
      for (const option of this.#order.options) option.disabled = option.value !== 'drawn' && !state.model?.segmenter;
      if (state.layout === 'labels') editor.store.set({ layout: 'split' });
      this.#root.hidden = false;
    }
    return this.#draw();
  }

  close() {
    if (this.#root.hidden) return;
    const inside = this.#root.contains(document.activeElement);
    this.#stop.abort();
    this.#root.hidden = true;
    this.#all = [];
    this.#grid.replaceChildren();
    if (inside && this.#from instanceof HTMLElement) this.#from.focus();
  }

  /** @returns {Plan} */
  #plan() {
    const { editor } = this;
    const { classId, regionId } = editor.state;
    if (this.#of.value === 'class') return planClass(editor, classId);
    return this.#of.value === 'region' && regionId !== null ? planRegion(editor, regionId) : planAll(editor);
  }

  async #draw() {
    const { editor } = this;
    const { model } = editor.state;
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.#order.value = 'drawn';
    this.#progress.value = 0;
    this.#grid.replaceChildren();
    try {
      const { cover } = this.#plan();
      if (cover) await editor.keepable(cover);
      if (signal.aborted || !model) return;
      this.#all = Array.from({ length: COUNT }, (_, i) => this.#cell(this.#plan(), i));
      this.#show(this.#all);
      this.#all[0].button.focus();
      const { width, height, labels } = editor.doc;
      const picture = cover && editor.keepBase(cover);
      for (const each of this.#all) {
        const fresh = await render(model, { width, labels, ...each.plan }, signal);
        if (signal.aborted) return;
        each.picture = picture && each.plan.cover ? composite({ picture, cover: each.plan.cover }, fresh) : fresh;
        const canvas = make('canvas', { width: String(width), height: String(height) });
        context2d(canvas).putImageData(each.picture, 0, 0);
        each.button.prepend(canvas);
        each.button.removeAttribute('aria-busy');
        this.#progress.value++;
      }
    } catch (error) {
      if (!signal.aborted) toastError(error);
    }
  }

  /**
   * @param {Plan} plan
   * @param {number} i
   * @returns {Variation}
   */
  #cell(plan, i) {
    const region = plan.noise.regions.find(({ id }) => id === plan.region);
    const name = drawName(region ?? plan.noise);
    const label = t('Variation {i}: {name}', { i: i + 1, name });
    const button = make('button', { type: 'button', 'aria-label': label, 'aria-busy': 'true' }, make('small', {}, name));
    /** @type {Variation} */
    const made = { plan, name, button, picture: null, hints: null };
    button.addEventListener('click', () => {
      if (!made.picture) return;
      this.close();
      take(this.editor, plan, made.picture);
    });
    return made;
  }

  /** @param {Variation[]} order */
  #show(order) {
    const held = document.activeElement;
    const by = this.#order.selectedOptions[0];
    for (const { button, name, hints: made } of this.#all) {
      const score = by.value === 'realism' || by.value === 'fidelity' ? made?.[by.value] : undefined;
      button.dataset.scored = String(score !== undefined);
      button.lastElementChild?.replaceChildren(score === undefined ? name : `${by.text}: ${Math.round(100 * score)} %`);
    }
    this.#grid.replaceChildren(...order.map(({ button }) => button));
    if (held instanceof HTMLButtonElement && this.#grid.contains(held)) held.focus();
  }

  async #sort() {
    const by = /** @type {'drawn'|'realism'|'fidelity'} */ (this.#order.value);
    const { signal } = this.#stop;
    const { model } = this.editor.state;
    const painted = this.#all.filter(({ picture }) => picture);
    try {
      for (const each of painted) {
        if (by === 'drawn' || !model) break;
        if (each.picture) each.hints ??= await hints(model, this.editor.doc, each.picture, signal);
        if (signal.aborted || by !== this.#order.value) return;
      }
    } catch (error) {
      this.#order.value = 'drawn';
      if (!signal.aborted) throw error;
    }
    if (by === 'drawn') return this.#show(this.#all);
    painted.sort((a, b) => (b.hints?.[by] ?? 0) - (a.hints?.[by] ?? 0));
    this.#show([...painted, ...this.#all.filter(({ picture }) => !picture)]);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    // The letters of a list are no shortcuts.
    if (event.target instanceof HTMLSelectElement && event.key !== 'Escape') return event.stopPropagation();
    const cells = [...this.#grid.children];
    const at = cells.indexOf(/** @type {Element} */ (event.target));
    const to = at < 0 ? undefined : cells[at + STEPS[event.key]];
    if (!(to instanceof HTMLButtonElement)) return;
    event.preventDefault();
    event.stopPropagation();
    to.focus();
  }
}
