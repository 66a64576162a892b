/** Mending labels: a click on an object asks what it is. */
/** @typedef {import('../editor.js').Editor} Editor */
import { find, make } from '../dom.js';
import { t } from '../i18n.js';
import { connected } from '../labelmap.js';
import { outlines } from '../noise.js';
import { locks } from '../paint/pen.js';
import { toast } from '../toast.js';
import { likelyClasses } from './likely.js';
import { unsure } from './shade.js';

export class Fixer {
  #box = find('#fix', HTMLElement);
  #search = find('#fix-search', HTMLInputElement);
  #list = find('#fix-list', HTMLElement);
  #part = find('#fix-part', HTMLInputElement);
  /** 1 on what is asked about. @type {Uint8Array} */
  #area = new Uint8Array(0);

  /**
   * @param {Editor} editor
   * @param {import('../stage.js').Stage} stage
   */
  constructor(editor, stage) {
    this.editor = editor;
    this.stage = stage;
    editor.store.watch(['fix'], () => this.#open());
    // Undone, painted over or another tool: the question has no object any more.
    editor.store.watch(['version', 'tool', 'layout'], () => this.#close());
    this.#part.addEventListener('change', () => this.#ask({ part: this.#part.checked }));
    this.#search.addEventListener('input', () => this.#filter());
    this.#box.addEventListener('keydown', (event) => this.#key(event));
    addEventListener('pointerdown', ({ target }) => !this.#box.contains(/** @type {Node} */ (target)) && this.#close(), true);
  }

  #close() {
    if (this.editor.state.fix) this.editor.store.set({ fix: null, band: null });
  }

  /** @param {{part: boolean}} change */
  #ask(change) {
    const { fix } = this.editor.state;
    if (fix) this.editor.store.set({ fix: { ...fix, ...change } });
  }

  #open() {
    const { store, doc, state } = this.editor;
    const { fix, photo, doubt, model } = state;
    if (!fix || !model) return this.#box.hidePopover();
    const now = doc.labels[fix.at];
    if (locks(this.editor)[now]) {
      toast(t('{name} is locked. Unlock it in the list of classes.', { name: this.editor.className(now) }), 'error');
      return this.#close();
    }
    const whole = connected(doc.labels, doc.width, fix.at);
    const doubted = photo && unsure(photo, doc.labels, doubt);
    const part = doubted ? whole.map((inside, i) => inside & doubted[i]) : whole;
    if (fix.part && !part.includes(1)) {
      toast(t('The segmenter was sure of all of it.'));
      return this.#ask({ part: false });
    }
    this.#area = fix.part ? part : whole;
    store.set({ band: outlines(this.#area, doc.width).get(1) ?? null });
    this.#part.checked = fix.part;
    find('label', HTMLElement, this.#box).hidden = !doubted?.includes(1);
    const likely = likelyClasses(doc.labels, doc.width, whole).filter((id) => id !== now);
    const rest = model.classes.map(({ id }) => id).filter((id) => !likely.includes(id) && id !== now);
    this.#list.replaceChildren(...[...likely, now, ...rest].filter((id) => id !== model.ignore_id).map((id) => this.#row(id, now)));
    this.#search.value = '';
    this.#box.showPopover();
    this.#place(fix.at);
    this.#search.focus();
  }

  /**
   * @param {number} id
   * @param {number} now  the class of the object
   */
  #row(id, now) {
    const { editor } = this;
    const name = editor.className(id);
    const chip = make('span', { class: 'chip' });
    chip.style.background = editor.state.colors[id] ?? '';
    const pick = make('button', { type: 'button', class: 'menu-item' }, chip, id === now ? t('It is {name}', { name }) : name);
    pick.addEventListener('click', () => this.#relabel(id));
    return make('li', { 'data-name': name.toLowerCase() }, pick);
  }

  /** @param {number} id */
  #relabel(id) {
    const { editor } = this;
    const area = this.#area;
    this.#close();
    editor.edit(t('Relabel as {name}', { name: editor.className(id) }), () => {
      const { labels, photo } = editor.doc;
      editor.doc.kept = null;
      if (photo) editor.doc.photo = mended(photo, labels, area, id);
      for (let i = 0; i < labels.length; i++) if (area[i]) labels[i] = id;
    });
  }

  #filter() {
    const wanted = this.#search.value.trim().toLowerCase();
    for (const item of this.#list.children) {
      const { dataset } = /** @type {HTMLElement} */ (item);
      /** @type {HTMLElement} */ (item).hidden = !dataset.name?.includes(wanted);
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const buttons = [...this.#list.querySelectorAll('li:not([hidden]) button')];
    const at = buttons.indexOf(/** @type {Element} */ (event.target));
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const next = at + step < 0 ? this.#search : buttons[Math.min(at + step, buttons.length - 1)];
    if (event.key === 'Escape') this.#close();
    else if (step && next instanceof HTMLElement) next.focus();
    else if (event.key === 'Enter' && event.target === this.#search) /** @type {HTMLElement} */ (buttons[0])?.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} at  of the map */
  #place(at) {
    const { panes } = this.stage;
    const pane = panes.find(({ element }) => element.matches(':hover')) ?? panes.find(({ element }) => element.offsetWidth) ?? panes[0];
    const { left, top } = pane.element.getBoundingClientRect();
    const { width } = this.editor.doc;
    const spot = pane.view.place(pane.box, pane.map);
    const x = left + spot.left + ((at % width) + 0.5) * spot.scale + 12;
    const y = top + spot.top + (Math.floor(at / width) + 0.5) * spot.scale + 12;
    this.#box.style.left = `${Math.max(8, Math.min(x, innerWidth - this.#box.offsetWidth - 8))}px`;
    this.#box.style.top = `${Math.max(8, Math.min(y, innerHeight - this.#box.offsetHeight - 8))}px`;
  }
}

/**
 * @param {import('../types.js').Photo} photo
 * @param {Uint8Array} labels  of now, which do not show `id` there yet
 * @param {Uint8Array} area
 * @param {number} id
 * @returns {import('../types.js').Photo} as if the segmenter had seen this class there, and surely; what was painted is still no part of it
 */
function mended(photo, labels, area, id) {
  const found = photo.labels.slice();
  const confidence = photo.confidence.slice();
  for (let i = 0; i < area.length; i++) {
    if (!area[i] || labels[i] !== photo.labels[i]) continue;
    found[i] = id;
    confidence[i] = 255;
  }
  return { ...photo, labels: found, confidence };
}
