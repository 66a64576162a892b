/** Nine variations to choose from, over the picture: of everything, the active region or the selected class. */
/** @typedef {import('../../editor/editor.js').Editor} Editor */
/** @typedef {import('../../editor/reroll.js').Plan} Plan */
import { context2d, find, make } from '../../base/dom.js';
import { t } from '../../base/i18n.js';
import { toastError } from '../../base/toast.js';
import { finisher } from '../../document/photo-composite.js';
import { vectorName } from '../../document/vectors.js';
import { frozenPixels, pixelsReady } from '../../editor/frozen-pixels.js';
import { regionName } from '../../editor/regions.js';
import { apply, planAll, planClass, planVector } from '../../editor/reroll.js';
import { className } from '../../maps/classes.js';
import { hints } from '../../server/hints.js';
import { render } from '../../server/render.js';

/** Steps of the arrow keys in the grid, which has three columns. @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -3, ArrowDown: 3 };

/**
 * @typedef {object} Variation  A cell of the grid.
 * @property {Plan} plan
 * @property {string} name  of its noise vector
 * @property {HTMLButtonElement} button
 * @property {ImageData} [picture]  once painted
 * @property {import('../../server/hints.js').Hints} [hints]  once requested
 */

/** The dialog over the picture. */
export class Variations {
  #root = find('#variations', HTMLElement);
  #grid = find('#variation-grid', HTMLElement);
  #of = find('#variations-of', HTMLSelectElement);
  #order = find('#variations-order', HTMLSelectElement);
  #stop = new AbortController();
  /** In the order of their creation. @type {Variation[]} */
  #all = [];
  /** The element that had the focus before. @type {Element|null} */
  #from = null;

  /** @param {Editor} editor */
  constructor(editor) {
    this.editor = editor;
    const root = this.#root;
    // Keep events from the pane below, which would paint and zoom.
    for (const kind of ['pointerdown', 'pointermove', 'wheel']) {
      root.addEventListener(kind, (event) => event.stopPropagation());
    }
    root.addEventListener('keydown', (event) => this.#pressed(event));
    addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || root.hidden || document.querySelector('dialog[open], :popover-open')) return;
      event.preventDefault();
      this.close();
    });
    find('#variations-close', HTMLElement).addEventListener('click', () => this.close());
    this.#of.addEventListener('change', () => this.#draw());
    this.#order.addEventListener('change', () => this.#sort());
    // Any change makes the variations stale.
    editor.store.watch(['doc.version', 'model', 'reroll.keepOutside'], () => this.close());
  }

  /** Opens the dialog with nine variations; if it is open, replaces them. */
  open() {
    const { editor } = this;
    const { state } = editor;
    if (this.#root.hidden) {
      this.#from = document.activeElement;
      const region = state.doc.noise.regions.find(({ id }) => id === state.reroll.regionId);
      const choices = [
        new Option(t('Everything'), 'all'),
        new Option(className(editor.state.model, state.classes.classId), 'class'),
      ];
      if (region) choices.push(new Option(regionName(editor.state.model, region), 'region', false, !region.locked));
      this.#of.replaceChildren(...choices);
      for (const option of this.#order.options)
        option.disabled = option.value !== 'drawn' && !state.model?.capabilities.inspect;
      if (state.view.layout === 'labels') editor.store.set({ view: { layout: 'split' } });
      this.#root.hidden = false;
    }
    return this.#draw();
  }

  /** Closes the dialog. */
  close() {
    if (this.#root.hidden) return;
    this.#stop.abort();
    if (this.#root.contains(document.activeElement) && this.#from instanceof HTMLElement) this.#from.focus();
    this.#root.hidden = true;
    this.#grid.replaceChildren();
  }

  /** @returns {Plan} */
  #plan() {
    const { editor } = this;
    const { classId } = editor.state.classes;
    const { regionId } = editor.state.reroll;
    if (this.#of.value === 'class') return planClass(editor, classId);
    return this.#of.value === 'region' && regionId ? planVector(editor, regionId) : planAll(editor);
  }

  async #draw() {
    const { editor } = this;
    const { model } = editor.state;
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.#order.value = 'drawn';
    this.#grid.replaceChildren();
    try {
      const { mask } = this.#plan();
      if (mask) await pixelsReady(editor, mask);
      if (signal.aborted || !model) return;
      this.#all = Array.from({ length: 9 }, (_, i) => this.#cell(this.#plan(), i + 1));
      this.#sort();
      this.#all[0].button.focus();
      const { width, height, labels, photo } = editor.doc;
      for (const each of this.#all) {
        const { plan, button } = each;
        const fresh = await render(model, { width, labels, ...plan }, signal);
        if (signal.aborted) return;
        const frozen = plan.mask && frozenPixels(editor, plan.mask);
        each.picture = finisher({ width, labels, frozen, photo, ...plan })(fresh);
        const canvas = make('canvas', { width: String(width), height: String(height) });
        context2d(canvas).putImageData(each.picture, 0, 0);
        button.prepend(canvas);
        button.removeAttribute('aria-busy');
      }
    } catch (error) {
      if (!signal.aborted) toastError(error);
    }
  }

  /**
   * @param {Plan} plan
   * @param {number} i  1-based
   * @returns {Variation}
   */
  #cell(plan, i) {
    const name = vectorName(plan.noise.regions.find(({ id }) => id === plan.region) ?? plan.noise);
    const label = t('Variation {i}: {name}', { i, name });
    const button = make('button', { 'aria-label': label, 'aria-busy': 'true' }, make('small'));
    /** @type {Variation} */
    const made = { plan, name, button };
    button.addEventListener('click', () => {
      if (!made.picture) return;
      this.close();
      apply(this.editor, plan, made.picture);
    });
    return made;
  }

  async #sort() {
    const { signal } = this.#stop;
    const { model } = this.editor.state;
    const [{ value, text }] = this.#order.selectedOptions;
    const by = /** @type {'drawn'|'realism'|'fidelity'} */ (value);
    try {
      for (const each of this.#all) {
        const { picture } = each;
        if (by !== 'drawn' && model && picture) each.hints ??= await hints(model, this.editor.doc, picture, signal);
        if (signal.aborted || by !== this.#order.value) return;
      }
    } catch (error) {
      this.#order.value = 'drawn';
      if (!signal.aborted) toastError(error);
      return;
    }
    /** @param {Variation} variation  ones without hints come last */
    const score = ({ hints: made }) => (by === 'drawn' ? -1 : (made?.[by] ?? -1));
    const focused = document.activeElement;
    const order = this.#all.toSorted((a, b) => score(b) - score(a));
    for (const each of order) {
      const { button, name } = each;
      const share = score(each);
      button.dataset.scored = String(share >= 0);
      button.lastElementChild?.replaceChildren(share < 0 ? name : `${text}: ${Math.round(100 * share)} %`);
    }
    this.#grid.replaceChildren(...order.map(({ button }) => button));
    if (focused instanceof HTMLElement && this.#grid.contains(focused)) focused.focus();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    // Typing in the list selects options instead of running shortcuts.
    if (event.target instanceof HTMLSelectElement && event.key !== 'Escape') return event.stopPropagation();
    const cells = /** @type {HTMLElement[]} */ ([...this.#grid.children]);
    const at = cells.indexOf(/** @type {HTMLElement} */ (event.target));
    const to = at < 0 ? null : cells[at + STEPS[event.key]];
    if (!to) return;
    event.preventDefault();
    event.stopPropagation();
    to.focus();
  }
}
