/** The noise: one seed for everything, one for each region. */
/** @typedef {import('./editor.js').Editor} Editor */
/** @typedef {import('./types.js').State} State */
/** @typedef {import('./types.js').NoiseRegion} NoiseRegion */
import { find, icon, make } from './dom.js';
import { regionColor } from './noise.js';
import { removeRegion, rerollRegion, setNoise } from './reroll.js';
import { seedField } from './seed-field.js';
import { toastError } from './toast.js';

export class NoisePanel {
  #list = find('#regions', HTMLElement);
  #className = find('#reroll-class-name', HTMLElement);
  #classChip = find('#reroll-class-chip', HTMLElement);

  /** @param {Editor} editor */
  constructor(editor) {
    this.editor = editor;
    const all = seedField('Seed of everything', (seed) => setNoise(editor, 'Set the seed', { ...editor.doc.noise, seed }));
    find('#global-seed', HTMLElement).append(all.element);
    const { store } = editor;
    store.watch(['noise'], ({ noise }) => all.show(noise.seed));
    store.watch(['noise', 'regionId', 'model'], (state) => this.#showRegions(state));
    store.watch(['classId', 'model'], ({ classId, model }) => {
      this.#className.textContent = model ? editor.className(classId) : '';
      this.#classChip.style.background = model?.classes.find(({ id }) => id === classId)?.color ?? '';
    });
  }

  /** @param {State} state */
  #showRegions({ noise, regionId }) {
    const held = document.activeElement?.getAttribute('aria-label');
    this.#list.replaceChildren(...noise.regions.map((region) => this.#row(region, region.id === regionId)));
    // The rows are new; whoever was on one of their buttons stays there.
    const again = held && [...this.#list.querySelectorAll('button')].find((each) => each.getAttribute('aria-label') === held);
    if (again) again.focus();
  }

  /**
   * @param {NoiseRegion} region
   * @param {boolean} active
   */
  #row({ id, seed, classId }, active) {
    const { editor } = this;
    const name = classId === null ? `Region ${id}` : editor.className(classId);
    const dot = make('span', { class: 'dot' });
    dot.style.background = regionColor(id);
    const pick = make('button', { type: 'button', class: 'region-name', 'aria-pressed': String(active) }, dot, name);
    pick.addEventListener('click', () => editor.store.set({ regionId: active ? null : id, subtract: false }));

    const field = seedField(`Seed of ${name}`, (next) => attempt(rerollRegion(editor, id, next)));
    field.show(seed);
    const reroll = button('dice', `Re-roll ${name}`, () => attempt(rerollRegion(editor, id)));
    const remove = button('close', `Remove ${name}`, () => attempt(removeRegion(editor, id)));
    return make('li', active ? { class: 'active' } : {}, pick, field.element, reroll, remove);
  }
}

/** @param {Promise<void>} work */
const attempt = (work) => work.catch(toastError);

/**
 * @param {string} symbol
 * @param {string} name
 * @param {() => void} run
 */
function button(symbol, name, run) {
  const made = make('button', { type: 'button', class: 'icon-button', 'aria-label': name }, icon(symbol));
  made.addEventListener('click', run);
  return made;
}
