/** The menus of the top bar: models and starter scenes. */
/** @typedef {import('./editor.js').Editor} Editor */
/** @typedef {import('./types.js').Model} Model */
import { find, make } from './dom.js';
import { hexToRgb } from './png.js';
import { allScenes, openingScene } from './scenes.js';
import { toastError } from './toast.js';

/** Opens every menu under the button that it belongs to. */
export function placeMenus() {
  for (const menu of document.querySelectorAll('.menu')) {
    const opener = find(`[popovertarget='${menu.id}']`, HTMLElement);
    menu.addEventListener('beforetoggle', () => {
      const { left, bottom } = opener.getBoundingClientRect();
      const { style } = /** @type {HTMLElement} */ (menu);
      style.top = `${bottom + 6}px`;
      style.left = `min(${left}px, calc(100vw - 348px))`;
    });
  }
}

/** @param {Editor} editor */
export function attachModelMenu(editor) {
  const menu = find('#model-menu', HTMLElement);
  const list = find('#model-list', HTMLElement);
  const name = find('#model-name', HTMLElement);
  /** Counts the changes: of two asked for at once the later one counts. */
  let turn = 0;
  editor.store.watch(['models', 'model'], ({ models, model }) => {
    name.textContent = model?.name ?? 'No model';
    list.replaceChildren(...models.map((each) => make('li', {}, modelButton(each, each === model))));
  });

  /**
   * To another model, with the picture at work if that is one there, else with a scene.
   * @param {Model} model
   */
  const change = async (model) => {
    const asked = ++turn;
    if (editor.carries(model)) return editor.carry(model);
    const scene = await openingScene(model, editor.state.models).catch(toastError);
    if (asked === turn) editor.useModel(model, scene);
  };

  /**
   * @param {Model} model
   * @param {boolean} current
   */
  const modelButton = (model, current) => {
    const note = model.available
      ? `${model.classes.length} classes, ${model.native_size[1]} × ${model.native_size[0]}`
      : `Not available: ${model.reason ?? 'no reason given'}`;
    const button = make('button', { type: 'button', class: 'menu-item', 'aria-pressed': String(current) });
    button.append(make('strong', {}, model.name || model.id), make('small', {}, note));
    button.disabled = !model.available;
    button.addEventListener('click', () => {
      menu.hidePopover();
      if (!current) change(model);
    });
    return button;
  };
}

/**
 * @param {Editor} editor
 * @param {() => void} taken
 */
export function attachSceneMenu(editor, taken) {
  const menu = find('#scene-menu', HTMLElement);
  const list = find('#scene-list', HTMLElement);
  editor.store.watch(['model'], async ({ model, models }) => {
    if (!model) return;
    const empty = { name: 'Empty canvas', seed: 0, labels: new Uint8Array(editor.doc.labels.length).fill(editor.blankId) };
    const { scenes, errors } = await allScenes(model, models);
    if (editor.state.model !== model) return;
    errors.slice(0, 1).forEach(toastError);
    const items = [...scenes, empty].map(({ name, seed, labels }) => {
      const button = make('button', { type: 'button', class: 'scene' }, miniature(labels, model), name);
      button.addEventListener('click', () => {
        menu.hidePopover();
        taken();
        editor.replaceLabels(name, labels, seed);
      });
      return make('li', {}, button);
    });
    list.replaceChildren(...items);
  });
}

/**
 * @param {Uint8Array} labels
 * @param {Model} model
 */
function miniature(labels, model) {
  const [height, width] = model.native_size;
  const canvas = make('canvas', { width: String(width), height: String(height), 'aria-hidden': 'true' });
  const pixels = new ImageData(width, height);
  const colors = new Map(model.classes.map(({ id, color }) => [id, [...hexToRgb(color), id === model.ignore_id ? 0 : 255]]));
  labels.forEach((id, i) => pixels.data.set(colors.get(id) ?? [], 4 * i));
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
  return canvas;
}
