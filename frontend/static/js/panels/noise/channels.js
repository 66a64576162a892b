/** A grid to choose the noise channels that re-rolls change. */
import { find, make } from '../../base/dom.js';
import { t } from '../../base/i18n.js';

/** Steps of the arrow keys in the grid, which has eight columns. @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -8, ArrowDown: 8 };

/** Connects the grid. @param {import('../../base/store.js').Store<import('../../base/types.js').State>} store */
export function attachChannels(store) {
  const grid = find('#channel-grid', HTMLElement);
  const text = find('#channels-text', HTMLElement);
  /** One per noise channel of the model. @type {HTMLButtonElement[]} */
  let cells = [];
  /** @param {unknown} element */
  const indexOf = (element) => cells.indexOf(/** @type {HTMLButtonElement} */ (element));
  /** @param {number} i */
  const chosen = (i) => store.state.reroll.channels?.includes(i) ?? true;
  /** @type {(i: number, on: boolean) => void} */
  const set = (i, on) => {
    const channels = [...cells.keys()].filter((each) => (each === i ? on : chosen(each)));
    if (i >= 0) store.set({ reroll: { channels: channels.length === cells.length ? null : channels } });
  };

  /** Whether dragging selects or deselects cells; null while the pointer is up. @type {boolean|null} */
  let painting = null;
  grid.addEventListener('pointerdown', ({ target, pointerId }) => {
    grid.setPointerCapture(pointerId);
    painting = !chosen(indexOf(target));
    set(indexOf(target), painting);
  });
  grid.addEventListener('pointermove', ({ clientX, clientY }) => {
    if (painting !== null) set(indexOf(document.elementFromPoint(clientX, clientY)), painting);
  });
  grid.addEventListener('lostpointercapture', () => (painting = null));
  // Clicks by keyboard have no detail. A pointer has already changed its cell.
  grid.addEventListener('click', ({ target, detail }) => detail || set(indexOf(target), !chosen(indexOf(target))));
  grid.addEventListener('keydown', (event) => {
    if (event.key === ' ') event.stopPropagation(); // Otherwise Space would pan.
    const from = indexOf(event.target);
    const to = from + STEPS[event.key];
    if (!cells[to]) return;
    event.preventDefault();
    if (event.shiftKey) set(to, chosen(from));
    cells[from].tabIndex = -1;
    cells[to].tabIndex = 0;
    cells[to].focus();
  });
  find('#channels-all', HTMLElement).addEventListener('click', () => store.set({ reroll: { channels: null } }));
  find('#channels-none', HTMLElement).addEventListener('click', () => store.set({ reroll: { channels: [] } }));
  store.watch(['model', 'reroll.channels'], ({ model, reroll: { channels } }) => {
    const all = model?.limits.channels ?? 0;
    if (all !== cells.length) {
      cells = Array.from({ length: all }, (_, i) =>
        make('button', { tabindex: i ? '-1' : '0', 'aria-label': t('Channel {i}', { i }) }),
      );
      grid.replaceChildren(...cells);
      // The selection was made for a model with more channels.
      if (channels?.some((i) => i >= all)) return store.set({ reroll: { channels: null } });
    }
    cells.forEach((cell, i) => cell.setAttribute('aria-pressed', String(chosen(i))));
    text.textContent = channels ? t('{n} of {all}', { n: channels.length, all }) : t('all');
  });
}
