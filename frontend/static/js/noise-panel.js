/** The noise: how re-rolls go, the draw of everything and those of the regions. */
/** @typedef {import('./editor.js').Editor} Editor */
/** @typedef {import('./types.js').Draw} Draw */
/** @typedef {import('./types.js').State} State */
/** @typedef {import('./types.js').NoiseRegion} NoiseRegion */
import { find, icon, make } from './dom.js';
import { t } from './i18n.js';
import { regionColor } from './noise.js';
import { ChannelGrid } from './noise/channels.js';
import { drawName } from './noise/draws.js';
import { lockRegion, regionName, renameRegion, soften } from './noise/regions.js';
import { carryOut, planGlobal, planRegion, planRemoval } from './reroll.js';
import { drawChip, seedField, takesDraws } from './seed-field.js';
import { toastError } from './toast.js';

const FEATHER_MAX = 64;
/** What a person can be on in a row. */
const CONTROLS = 'button, input';

export class NoisePanel {
  #list = find('#regions', HTMLElement);

  /**
   * @param {Editor} editor
   * @param {import('./stage.js').Pane[]} panes  where draws can be dropped
   */
  constructor(editor, panes) {
    this.editor = editor;
    const { store } = editor;
    const global = find('#global-seed', HTMLElement);
    /** @param {Draw} draw */
    const changed = (draw) => this.#give(null, draw);
    const field = seedField(t('Seed of everything'), changed);
    const chip = make('span');
    global.append(chip, field.element);
    takesDraws(global, changed);
    store.watch(['noise'], ({ noise }) => {
      field.show(noise);
      chip.replaceChildren(drawChip(t('Noise of everything'), noise, changed));
    });
    store.watch(['noise', 'regionId', 'model', 'stroking'], (state) => state.stroking || this.#showRegions(state));
    for (const pane of panes) {
      takesDraws(pane.element, (draw, event) => {
        const box = pane.element.getBoundingClientRect();
        const { x, y } = pane.toMap({ x: event.clientX - box.left, y: event.clientY - box.top });
        if (editor.classAt({ x, y }) === null) return;
        this.#give(editor.doc.regions[Math.floor(y) * editor.doc.width + Math.floor(x)] || null, draw);
      });
    }
    new ChannelGrid(store);
    attachStrength(store);
    this.#nameClass();
  }

  #nameClass() {
    const name = find('#reroll-class-name', HTMLElement);
    const chip = find('#reroll-class-chip', HTMLElement);
    this.editor.store.watch(['classId', 'model'], ({ classId, model }) => {
      name.textContent = model ? this.editor.className(classId) : '';
      chip.style.background = model?.classes.find(({ id }) => id === classId)?.color ?? '';
    });
  }

  /**
   * @param {number|null} id  of a region; null: everything else
   * @param {Draw} [draw]  a new one unless given
   */
  #give(id, draw) {
    const { editor } = this;
    const make = () => (id === null ? planGlobal(editor, draw ?? editor.doc.noise) : planRegion(editor, id, draw));
    carryOut(editor, make).catch(toastError);
  }

  /** @param {State} state */
  #showRegions({ noise, regionId }) {
    const held = document.activeElement;
    const row = this.#list.contains(held) ? /** @type {HTMLElement|undefined} */ (held?.closest('li')) : null;
    const place = row && held ? [...row.querySelectorAll(CONTROLS)].indexOf(held) : -1;
    this.#list.replaceChildren(...noise.regions.map((region) => this.#row(region, region.id === regionId)));
    if (!row) return;
    // The rows are new; whoever was on one of their controls stays there.
    const again = this.#list.querySelector(`[data-id='${row.dataset.id}']`) ?? this.#list;
    const controls = /** @type {NodeListOf<HTMLElement>} */ (again.querySelectorAll(CONTROLS));
    (controls[place] ?? controls[0])?.focus();
  }

  /**
   * @param {NoiseRegion} region
   * @param {boolean} active
   */
  #row(region, active) {
    const { editor } = this;
    const { id, locked = false } = region;
    const name = regionName(editor, region);
    /** @param {Draw} draw */
    const changed = (draw) => this.#give(id, draw);
    const chip = drawChip(t('Noise of {name}', { name }), region, changed);
    chip.style.borderColor = regionColor(id);
    const pick = make('button', { type: 'button', class: 'region-name', 'aria-pressed': String(active) }, name);
    pick.addEventListener('click', () => editor.store.set({ regionId: active ? null : id, subtract: false }));
    const reroll = button('dice', t('Re-roll {name}', { name }), () => this.#give(id));
    reroll.disabled = locked;
    const lock = button(locked ? 'lock' : 'unlock', t('Lock {name}', { name }), () => lockRegion(editor, region));
    lock.setAttribute('aria-pressed', String(locked));
    const remove = button('close', t('Remove {name}', { name }), () => {
      carryOut(editor, () => planRemoval(editor, id)).catch(toastError);
    });
    const text = make('span', { class: 'region-text' }, pick, make('small', {}, drawName(region)));
    const row = make('li', { 'data-id': String(id) }, chip, text, reroll, lock, remove);
    if (active) row.classList.add('active');
    if (active) row.append(this.#more(region, name, changed));
    takesDraws(row, changed);
    return row;
  }

  /**
   * What the active region shows beside its row.
   * @param {NoiseRegion} region
   * @param {string} name
   * @param {(draw: Draw) => void} changed
   */
  #more(region, name, changed) {
    const { editor } = this;
    const field = seedField(t('Seed of {name}', { name }), changed);
    field.show(region);
    const called = make('input', { maxlength: '40', 'aria-label': t('Name of {name}', { name }), value: name });
    called.addEventListener('change', () => renameRegion(editor, region, called.value.trim()));
    called.addEventListener('keydown', (event) => event.key === 'Enter' && called.blur());
    const { feather = 0 } = region;
    const soft = make('input', { type: 'range', min: '0', max: String(FEATHER_MAX), value: String(feather) });
    const width = make('output', {}, `${feather} px`);
    soft.addEventListener('input', () => {
      soften(editor, region.id, soft.valueAsNumber);
      width.value = `${soft.value} px`;
    });
    soft.addEventListener('change', () => editor.closeStroke());
    const edge = make('label', { class: 'slider' }, make('span', {}, t('Soft edge')), make('span', {}, soft, width));
    return make('div', { class: 'region-more' }, t('Seed'), field.element, t('Name'), called, edge);
  }
}

/** @param {import('./store.js').Store<State>} store */
function attachStrength(store) {
  const strength = find('#strength', HTMLInputElement);
  const text = find('#strength-text', HTMLOutputElement);
  strength.addEventListener('input', () => store.set({ strength: strength.valueAsNumber / 100 }));
  store.watch(['strength'], (state) => {
    strength.value = String(Math.round(100 * state.strength));
    text.value = `${strength.value} %`;
  });
}

/**
 * @param {string} symbol
 * @param {string} name
 * @param {() => void} run
 */
function button(symbol, name, run) {
  const made = make('button', { type: 'button', class: 'icon-button', 'aria-label': name, title: name }, icon(symbol));
  made.addEventListener('click', run);
  return made;
}
