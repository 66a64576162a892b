/** Which colors the classes are shown in. Files keep the model's own. */
/** @typedef {import('../editor.js').Editor} Editor */
/** @typedef {import('../types.js').Model} Model */
/** @typedef {import('../types.js').State} State */
import { keep, kept, parseJson } from '../dom.js';
import { safeColors } from './palettes.js';

/** @param {Model} model */
const place = (model) => `colors ${model.id}`;

/** @param {Model} model @returns {Record<number, string>} */
const own = (model) => parseJson(kept(place(model)) ?? '') ?? {};

/** Keeps the colors in step with the model and the palette. @param {Editor} editor */
export function attachColors({ store }) {
  store.watch(['model', 'palette'], ({ model, palette }) => {
    keep('palette', palette);
    if (!model) return;
    const safe = palette === 'safe' ? safeColors(model.classes) : [];
    const chosen = palette === 'custom' ? own(model) : {};
    /** @type {string[]} */
    const colors = [];
    model.classes.forEach(({ id, color }, i) => (colors[id] = safe[i] ?? chosen[id] ?? color));
    store.set({ colors });
  });
}

/**
 * Gives a class a color of the person's own.
 * @param {Editor} editor
 * @param {number} classId
 * @param {string} color  '#rrggbb'
 */
export function recolor({ store }, classId, color) {
  const { model, colors } = store.state;
  if (!model) return;
  keep(place(model), JSON.stringify({ ...own(model), [classId]: color }));
  store.set({ colors: colors.with(classId, color) });
}

/** @returns {State['palette']} that a person chose */
export function keptPalette() {
  const chosen = kept('palette');
  return chosen === 'safe' || chosen === 'custom' ? chosen : 'own';
}
