/** The class list: color, name, share of the map, lock, visibility, pinned key. */
/** @typedef {import('../../editor/editor.js').Editor} Editor */
/** @typedef {import('../../base/types.js').State} State */
import { find, icon, make } from '../../base/dom.js';
import { t } from '../../base/i18n.js';
import { whenIdle } from '../../base/idle.js';
import { toast } from '../../base/toast.js';
import { tally } from '../../maps/labelmap.js';
import { chooseClass } from '../../tools/tools.js';
import { recolor } from './colors.js';
import { classToggles } from './toggles.js';

/**
 * @typedef {object} Row  An entry of the list.
 * @property {number} id
 * @property {string} name
 * @property {HTMLElement} item
 * @property {HTMLButtonElement} pick
 * @property {HTMLElement} chip
 * @property {HTMLInputElement} color  sets a custom color, in place of the chip
 * @property {HTMLElement} share
 * @property {HTMLButtonElement} pin
 * @property {ReturnType<typeof classToggles>} toggles
 */

/** Keeps the list up to date. */
export class ClassList {
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
    store.watch(['classes.classId', 'classes.pins', 'model', 'classes.locked', 'classes.hidden'], (state) =>
      this.#update(state),
    );
    store.watch(['classes.colors', 'classes.scheme'], (state) => this.#color(state));
    store.watch(['classes.usedFirst'], () => this.#order());
    store.watch(
      ['doc.version', 'doc.stroking', 'live.connection'],
      whenIdle(() => this.#count(store.state)),
    );
    this.#search.addEventListener('input', () => this.#filter());
    this.#search.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.#take();
      if (event.key === 'Escape' || event.key === 'Enter') this.#leave();
    });
  }

  /** Puts the focus into the search field. */
  focusSearch() {
    this.#search.focus();
    this.#search.select();
  }

  #build() {
    const { model } = this.editor.state;
    const classes = model?.classes.filter(({ id }) => id !== model.ignore_id) ?? [];
    this.#rows = classes.map(({ id, name }) => this.#row(id, name));
    this.#list.replaceChildren(...this.#rows.map(({ item }) => item));
    this.#search.value = '';
    this.#filter();
  }

  /**
   * @param {number} id
   * @param {string} name
   * @returns {Row}
   */
  #row(id, name) {
    const chip = make('span', { class: 'chip' });
    const color = make('input', { type: 'color', class: 'chip', 'aria-label': t('Color of {name}', { name }) });
    color.addEventListener('input', () => recolor(this.editor, id, color.value));
    const share = make('span', { class: 'share' });
    const pick = make('button', { class: 'class' }, chip, make('span', { class: 'name' }, name), share);
    const pin = make('button', { class: 'pin' });
    pick.addEventListener('click', () => chooseClass(this.editor.store, id));
    pin.addEventListener('click', () => this.#togglePin(id));
    const toggles = classToggles(this.editor, { id, name });
    return {
      id,
      name,
      item: make('li', {}, pick, color, ...toggles.buttons, pin),
      pick,
      chip,
      color,
      share,
      pin,
      toggles,
    };
  }

  /** @param {State} state */
  #color({ classes: { colors, scheme } }) {
    this.#list.classList.toggle('custom-colors', scheme === 'custom');
    for (const { id, chip, color } of this.#rows) {
      chip.style.background = color.value = colors[id] ?? '';
    }
  }

  /** Sorts the classes in use to the top, if chosen. Rows do not move while the pointer or the focus is on one. */
  #order() {
    if (this.#list.matches(':hover, :focus-within')) return;
    const { usedFirst } = this.editor.state.classes;
    const used = this.#rows.map(({ item }) => usedFirst && item.classList.contains('used'));
    const items = [true, false].flatMap((first) =>
      this.#rows.filter((_, i) => used[i] === first).map(({ item }) => item),
    );
    if (items.some((item, i) => this.#list.children[i] !== item)) this.#list.replaceChildren(...items);
  }

  /** @param {number} id */
  #togglePin(id) {
    const pins = [...this.editor.state.classes.pins];
    const pinned = pins.indexOf(id);
    const slot = pinned >= 0 ? pinned : pins.indexOf(null);
    if (slot < 0) return toast(t('All nine keys are taken. Unpin a class first.'));
    pins[slot] = pinned >= 0 ? null : id;
    this.editor.store.set({ classes: { pins } });
  }

  /** @param {State} state */
  #update(state) {
    const { classId, pins } = state.classes;
    for (const { id, name, pick, pin, toggles } of this.#rows) {
      toggles.show(state);
      pick.setAttribute('aria-pressed', String(id === classId));
      const slot = pins.indexOf(id);
      pin.setAttribute(
        'aria-label',
        slot < 0 ? t('Pin {name} to a key', { name }) : t('Unpin {name} from key {key}', { name, key: slot + 1 }),
      );
      pin.setAttribute('aria-pressed', String(slot >= 0));
      pin.replaceChildren(slot < 0 ? icon('pin') : String(slot + 1));
    }
  }

  /** @param {State} state */
  #count({ doc: { stroking }, live: { connection } }) {
    if (stroking || connection === 'painting') return;
    const { labels } = this.editor.doc;
    const counts = tally(labels);
    for (const { id, share, item } of this.#rows) {
      const percent = (100 * counts[id]) / labels.length;
      const text = percent === 0 ? '' : percent < 1 ? '<1 %' : `${Math.round(percent)} %`;
      if (share.textContent !== text) share.textContent = text;
      item.classList.toggle('used', percent > 0);
    }
    this.#order();
  }

  #filter() {
    const wanted = this.#search.value.trim().toLowerCase();
    for (const { name, item } of this.#rows) item.hidden = !name.toLowerCase().includes(wanted);
    this.#none.hidden = this.#rows.some(({ item }) => !item.hidden) || this.#rows.length === 0;
  }

  #take() {
    const first = this.#rows.find(({ item }) => !item.hidden);
    if (first) chooseClass(this.editor.store, first.id);
  }

  #leave() {
    this.#search.value = '';
    this.#search.blur();
    this.#filter();
  }
}
