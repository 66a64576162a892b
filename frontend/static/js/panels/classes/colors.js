/** The colors in which classes are displayed. Files always use the colors of the model. */
/** @typedef {import('../../editor/editor.js').Editor} Editor */
/** @typedef {import('../../base/types.js').Model} Model */
import { parseJson } from '../../base/json.js';
import { loadItem, saveItem } from '../../base/storage.js';
import { saveScheme } from '../../editor/preferences.js';
import { safeColors } from './safe-colors.js';

/** @param {Model} model */
const storageKey = (model) => `colors ${model.id}`;

/** @param {Model} model @returns {Record<number, string>} */
const customColors = (model) => parseJson(loadItem(storageKey(model)) ?? '') ?? {};

/** Keeps the colors in step with the model and the color scheme. @param {Editor} editor */
export function attachColors({ store }) {
  store.watch(['model', 'classes.scheme'], ({ model, classes: { scheme } }) => {
    saveScheme(scheme);
    if (!model) return;
    const safe = scheme === 'safe' ? safeColors(model.classes) : [];
    const chosen = scheme === 'custom' ? customColors(model) : {};
    /** @type {string[]} */
    const colors = [];
    model.classes.forEach(({ id, color }, i) => (colors[id] = safe[i] ?? chosen[id] ?? color));
    store.set({ classes: { colors } });
  });
}

/**
 * Gives a class a custom color.
 * @param {Editor} editor
 * @param {number} classId
 * @param {string} color  '#rrggbb'
 */
export function recolor({ store }, classId, color) {
  const { model } = store.state;
  const { colors } = store.state.classes;
  if (!model) return;
  saveItem(storageKey(model), JSON.stringify({ ...customColors(model), [classId]: color }));
  store.set({ classes: { colors: colors.with(classId, color) } });
}
