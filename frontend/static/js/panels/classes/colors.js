/** Which colors the classes are shown in. Files keep the model's own. */
/** @typedef {import('../../editor/editor.js').Editor} Editor */
/** @typedef {import('../../base/types.js').Model} Model */
import { parseJson } from '../../base/json.js';
import { loadItem, saveItem } from '../../base/storage.js';
import { savePalette } from '../../editor/preferences.js';
import { safeColors } from './safe-colors.js';

/** @param {Model} model */
const place = (model) => `colors ${model.id}`;

/** @param {Model} model @returns {Record<number, string>} */
const own = (model) => parseJson(loadItem(place(model)) ?? '') ?? {};

/** Keeps the colors in step with the model and the palette. @param {Editor} editor */
export function attachColors({ store }) {
  store.watch(['model', 'classes.palette'], ({ model, classes: { palette } }) => {
    savePalette(palette);
    if (!model) return;
    const safe = palette === 'safe' ? safeColors(model.classes) : [];
    const chosen = palette === 'custom' ? own(model) : {};
    /** @type {string[]} */
    const colors = [];
    model.classes.forEach(({ id, color }, i) => (colors[id] = safe[i] ?? chosen[id] ?? color));
    store.set({ classes: { colors } });
  });
}

/**
 * Gives a class a color of the person's own.
 * @param {Editor} editor
 * @param {number} classId
 * @param {string} color  '#rrggbb'
 */
export function recolor({ store }, classId, color) {
  const { model } = store.state;
  const { colors } = store.state.classes;
  if (!model) return;
  saveItem(place(model), JSON.stringify({ ...own(model), [classId]: color }));
  store.set({ classes: { colors: colors.with(classId, color) } });
}
