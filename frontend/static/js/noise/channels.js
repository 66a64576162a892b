/** The channels of the noise: a grid to choose those that re-rolls change. */
/** @typedef {import('../store.js').Store<import('../types.js').State>} Store */
import { find, make } from '../dom.js';
import { t } from '../i18n.js';
import { CHANNELS } from './draws.js';

const ACROSS = 8;
const ALL = Array.from({ length: CHANNELS }, (_, i) => i);
/** @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -ACROSS, ArrowDown: ACROSS };

export class ChannelGrid {
  #cells = ALL.map((i) => make('button', { type: 'button', tabindex: i ? '-1' : '0', 'aria-label': t('Channel {i}', { i }) }));

  /** @param {Store} store */
  constructor(store) {
    this.store = store;
    const grid = find('#channel-grid', HTMLElement);
    grid.append(...this.#cells);
    /** What a pointer or Space gives the cells that it passes; null when it is up. @type {boolean|null} */
    let painting = null;
    grid.addEventListener('pointerdown', (event) => {
      const i = this.#cells.indexOf(/** @type {HTMLButtonElement} */ (event.target));
      if (i < 0) return;
      grid.setPointerCapture(event.pointerId);
      painting = !this.#chosen(i);
      this.#set(i, painting);
    });
    grid.addEventListener('pointermove', ({ clientX, clientY }) => {
      const i = this.#cells.indexOf(/** @type {HTMLButtonElement} */ (document.elementFromPoint(clientX, clientY)));
      if (i >= 0 && painting !== null) this.#set(i, painting);
    });
    for (const end of ['pointerup', 'pointercancel']) grid.addEventListener(end, () => (painting = null));
    // Only keys click with no detail: pointers have done their work by then.
    this.#cells.forEach((cell, i) => cell.addEventListener('click', (event) => event.detail || this.#set(i, !this.#chosen(i))));
    grid.addEventListener('keydown', (event) => {
      if (event.key === ' ') event.stopPropagation(); // It would pan.
      const step = STEPS[event.key];
      const from = this.#cells.indexOf(/** @type {HTMLButtonElement} */ (event.target));
      const to = this.#cells[from + step];
      if (!to) return;
      event.preventDefault();
      if (event.shiftKey) this.#set(from + step, this.#chosen(from));
      this.#cells[from].tabIndex = -1;
      to.tabIndex = 0;
      to.focus();
    });
    find('#channels-all', HTMLElement).addEventListener('click', () => store.set({ channels: null }));
    find('#channels-none', HTMLElement).addEventListener('click', () => store.set({ channels: [] }));
    const text = find('#channels-text', HTMLElement);
    store.watch(['channels'], ({ channels }) => {
      this.#cells.forEach((cell, i) => cell.setAttribute('aria-pressed', String(this.#chosen(i))));
      text.textContent = channels ? t('{n} of 64', { n: channels.length }) : t('all');
    });
  }

  /** @param {number} i */
  #chosen(i) {
    return this.store.state.channels?.includes(i) ?? true;
  }

  /**
   * @param {number} i
   * @param {boolean} on
   */
  #set(i, on) {
    const channels = ALL.filter((each) => (each === i ? on : this.#chosen(each)));
    this.store.set({ channels: channels.length === CHANNELS ? null : channels });
  }
}
