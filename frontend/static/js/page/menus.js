/** The menus of the top bar: models and starter scenes. */
/** @typedef {import('../editor/editor.js').Editor} Editor */
/** @typedef {import('../server/scenes.js').Scene} Scene */
/** @typedef {import('../base/types.js').Model} Model */
/** @typedef {import('./commands.js').Command} Command */
import { hexToRgb } from '../base/color.js';
import { context2d, find, make } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { toastError } from '../base/toast.js';
import { replaceLabels } from '../editor/steps.js';
import { beginWork, switchModel } from '../editor/works.js';
import { newLabels } from '../maps/labelmap.js';
import { allScenes, openingScene } from '../server/scenes.js';

/** Makes every menu open next to its button, where there is room. */
export function placeMenus() {
  for (const menu of document.querySelectorAll(".menu[popover='']")) {
    const opener = find(`[popovertarget='${menu.id}']`, HTMLElement);
    menu.addEventListener('click', ({ target }) => {
      if (target instanceof Element && target.closest('button')) /** @type {HTMLElement} */ (menu).hidePopover();
    });
    menu.addEventListener('beforetoggle', () => {
      const { left, right, top, bottom } = opener.getBoundingClientRect();
      const { style } = /** @type {HTMLElement} */ (menu);
      const [under, beside] = [bottom < 0.6 * innerHeight, left < 0.5 * innerWidth];
      style.top = under ? `${bottom + 6}px` : 'auto';
      style.bottom = under ? 'auto' : `${innerHeight - top + 6}px`;
      style.left = beside ? `min(${left}px, calc(100vw - 348px))` : 'auto';
      style.right = beside ? 'auto' : `${Math.max(8, innerWidth - right)}px`;
    });
  }
}

/**
 * Connects the model menu.
 * @param {Editor} editor
 * @returns {{choose: (model: Model) => Promise<void>, commands: () => Command[]}} `choose` switches to a model, like the menu
 */
export function attachModelMenu(editor) {
  const list = find('#model-list', HTMLElement);
  const name = find('#model-name', HTMLElement);
  /** Counts the choices, so that only the last of two quick choices takes effect. */
  let turn = 0;
  editor.store.watch(['models', 'model'], ({ models, model }) => {
    name.textContent = model?.name ?? t('No model');
    list.replaceChildren(...models.map((each) => make('li', {}, modelButton(each, each === model))));
  });

  /** @param {Model} model */
  const choose = async (model) => {
    const mine = ++turn;
    if (model === editor.state.model || switchModel(editor, model)) return;
    const scene = await openingScene(model, editor.state.models).catch((error) => {
      if (mine === turn) toastError(error);
    });
    if (mine === turn) beginWork(editor, model, scene);
  };

  /**
   * @param {Model} model
   * @param {boolean} current
   */
  const modelButton = (model, current) => {
    const note = model.available
      ? t('{count} classes, {size}', { count: model.classes.length, size: model.native_size.toReversed().join(' × ') })
      : `${t('Not available')}: ${model.reason ?? '?'}`;
    const button = make('button', { class: 'menu-item', 'aria-pressed': String(current) });
    button.append(make('strong', {}, model.name || model.id), make('small', {}, note));
    button.disabled = !model.available;
    button.addEventListener('click', () => {
      choose(model);
    });
    return button;
  };
  const commands = () =>
    editor.state.models.map((model) => ({
      id: `model-${model.id}`,
      name: model.name || model.id,
      group: t('Models'),
      icon: 'oasis',
      disabled: !model.available,
      obstacle: model.reason ?? undefined,
      perform: () => choose(model),
    }));
  return { choose, commands };
}

/**
 * Connects the scene menu.
 * @param {Editor} editor
 * @param {() => void} taken  called when a scene is chosen
 * @returns {() => Command[]} a command for each scene that has loaded
 */
export function attachSceneMenu(editor, taken) {
  const list = find('#scene-list', HTMLElement);
  /** @type {Command[]} */
  let commands = [];
  /**
   * @param {Scene} scene
   * @param {Model} model
   */
  const sceneButton = ({ name, seed, labels }, model) => {
    const button = make('button', { class: 'scene' }, miniature(labels, model), name);
    const perform = () => {
      taken();
      const [height, width] = model.native_size;
      replaceLabels(editor, name, { width, height, labels }, seed);
    };
    button.addEventListener('click', perform);
    commands.push({ id: `scene-${name}`, name, group: t('Scenes'), icon: 'scene', perform });
    return button;
  };

  editor.store.watch(['model'], ({ model, models }) => {
    if (!model) return;
    const empty = {
      name: t('Empty canvas'),
      seed: 0,
      labels: newLabels(model, model.native_size[0] * model.native_size[1]).fill(editor.blankId),
    };
    commands = [];
    // Scenes of the previous model are removed at once. Each new one appears in its place when it has loaded.
    const coming = allScenes(model, models).map((loading) => ({ loading, item: make('li', { hidden: '' }) }));
    list.replaceChildren(...coming.map(({ item }) => item), make('li', {}, sceneButton(empty, model)));
    const shown = coming.map(async ({ loading, item }) => {
      const scene = await loading;
      if (!scene || editor.state.model !== model) return;
      item.append(sceneButton(scene, model));
      item.hidden = false;
    });
    Promise.all(shown).catch((error) => editor.state.model === model && toastError(error));
  });
  return () => commands;
}

/**
 * @param {import('../base/types.js').Labels} labels
 * @param {Model} model
 */
function miniature(labels, model) {
  const [height, width] = model.native_size;
  const canvas = make('canvas', { width: String(width), height: String(height), 'aria-hidden': 'true' });
  const pixels = new ImageData(width, height);
  const colors = new Map(
    model.classes.map(({ id, color }) => [id, [...hexToRgb(color), id === model.ignore_id ? 0 : 255]]),
  );
  labels.forEach((id, i) => pixels.data.set(colors.get(id) ?? [], 4 * i));
  context2d(canvas).putImageData(pixels, 0, 0);
  return canvas;
}
