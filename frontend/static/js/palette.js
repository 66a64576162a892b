/** The list of classes: colour, name, share of the map, pinned key. */
/** @typedef {import('./editor.js').Editor} Editor */
/** @typedef {import('./types.js').State} State */
import { find, icon, make, whenIdle } from './dom.js';
import { tally } from './labelmap.js';
import { toast } from './toast.js';

/** @typedef {{id: number, name: string, item: HTMLElement, pick: HTMLButtonElement, share: HTMLElement, pin: HTMLButtonElement}} Row */

export class Palette {
  #list = find('#classes', HTMLElement);
  #search = find('#class-search', HTMLInputElement);
  #none = find('#class-none', HTMLElement);
  /** @type {Row[]} */
  #rows = [];

  /** @param {Editor} editor */
  constructor(editor) {
    this.editor = editor;
    const { store } = editor;
    store.watch(['model'], () => this.#build());
    store.watch(['classId', 'pins', 'model'], (state) => this.#mark(state));
    store.watch(['version', 'stroking', 'connection'], whenIdle(() => this.#count(store.state)));
    this.#search.addEventListener('input', () => this.#filter());
    this.#search.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.#take();
      if (event.key === 'Escape' || event.key === 'Enter') this.#leave();
    });
  }

  focusSearch() {
    this.#search.focus();
    this.#search.select();
  }

  #build() {
    const { model } = this.editor.state;
    const classes = model?.classes.filter(({ id }) => id !== model.ignore_id) ?? [];
    this.#rows = classes.map(({ id, name, color }) => this.#row(id, name, color));
    this.#list.replaceChildren(...this.#rows.map(({ item }) => item));
    this.#search.value = '';
    this.#filter();
  }

  /**
   * @param {number} id
   * @param {string} name
   * @param {string} color
   * @returns {Row}
   */
  #row(id, name, color) {
    const chip = make('span', { class: 'chip' });
    chip.style.background = color;
    const share = make('span', { class: 'share' });
    const pick = make('button', { type: 'button', class: 'class' }, chip, make('span', { class: 'name' }, name), share);
    const pin = make('button', { type: 'button', class: 'pin' });
    pick.addEventListener('click', () => this.#choose(id));
    pin.addEventListener('click', () => this.#togglePin(id));
    return { id, name, item: make('li', {}, pick, pin), pick, share, pin };
  }

  /** @param {number} classId */
  #choose(classId) {
    const { store, state } = this.editor;
    const paints = state.tool === 'brush' || state.tool === 'fill';
    store.set({ classId, tool: paints ? state.tool : 'brush' });
  }

  /** @param {number} id */
  #togglePin(id) {
    const pins = [...this.editor.state.pins];
    const held = pins.indexOf(id);
    const slot = held >= 0 ? held : pins.indexOf(null);
    if (slot < 0) return toast('All nine keys are taken. Unpin a class first.');
    pins[slot] = held >= 0 ? null : id;
    this.editor.store.set({ pins });
  }

  /** @param {State} state */
  #mark({ classId, pins }) {
    for (const { id, name, pick, pin } of this.#rows) {
      pick.setAttribute('aria-pressed', String(id === classId));
      const slot = pins.indexOf(id);
      pin.setAttribute('aria-label', slot < 0 ? `Pin ${name} to a key` : `Unpin ${name} from key ${slot + 1}`);
      pin.setAttribute('aria-pressed', String(slot >= 0));
      pin.replaceChildren(slot < 0 ? icon('pin') : String(slot + 1));
    }
  }

  /** @param {State} state */
  #count({ stroking, connection }) {
    if (stroking || connection === 'painting') return;
    const { labels } = this.editor.doc;
    const counts = tally(labels);
    for (const { id, share, item } of this.#rows) {
      const percent = (100 * counts[id]) / labels.length;
      const text = percent === 0 ? '' : percent < 1 ? '<1 %' : `${Math.round(percent)} %`;
      if (share.textContent !== text) share.textContent = text;
      item.classList.toggle('used', percent > 0);
    }
  }

  #filter() {
    const wanted = this.#search.value.trim().toLowerCase();
    for (const { name, item } of this.#rows) item.hidden = !name.toLowerCase().includes(wanted);
    this.#none.hidden = this.#rows.some(({ item }) => !item.hidden) || this.#rows.length === 0;
  }

  #take() {
    const first = this.#rows.find(({ item }) => !item.hidden);
    if (first) this.#choose(first.id);
  }

  #leave() {
    this.#search.value = '';
    this.#search.blur();
    this.#filter();
  }
}
