/** Matches the classes of one model to those of another, by name or by a similar class. */
/** @typedef {import('../base/types.js').Model} Model */
/** @typedef {import('../base/types.js').ClassInfo} ClassInfo */
/** @typedef {import('../base/types.js').Labels} Labels */
import { idCount, newLabels, tally } from './labelmap.js';

/** The smallest share of painted pixels that must find a class for a map to be taken to another model. */
export const SHARE_MIN = 0.5;

/** Substitutes for a class, best first. @type {Record<string, string[]>} */
const INSTEAD = {
  cloud: ['sky'],
  snow: ['mountain', 'sky'],
  mountain: ['hill', 'rock', 'earth', 'tree', 'building'],
  tree: ['plant', 'grass', 'mountain'],
  plant: ['grass', 'tree', 'field'],
  grass: ['field', 'plant', 'earth', 'tree'],
  field: ['grass', 'earth', 'sand'],
  earth: ['sand', 'field', 'ground', 'road', 'mountain'],
  sand: ['earth', 'field', 'ground'],
  sea: ['water', 'river', 'lake', 'sky'],
  water: ['sea', 'river', 'lake', 'sky'],
  road: ['path', 'earth', 'sand', 'field'],
};

/** @typedef {Pick<Model, 'classes'|'ignore_id'>} Labeled  The classes that the ids of a map refer to. */

/**
 * Builds the palette of a PNG.
 * @param {Model['classes']} classes
 * @returns {string[]} [256 or more] '#rrggbb' by id
 */
export function colorTable(classes) {
  const colors = Array(256).fill('#000000');
  for (const { id, color } of classes) colors[id] = color;
  return colors;
}

/**
 * Translates a label map to another model.
 * @param {Labels} labels  ids of `from`
 * @param {Labeled} from
 * @param {Labeled} to
 * @returns {{labels: Labels, share: number, lost: string[]}} labels: ids of `to`, its blank id where no class matches;
 * share: of the painted pixels with a match, 0 if nothing is painted; lost: the names of the classes without one
 */
export function translate(labels, from, to) {
  const blank = to.ignore_id ?? 0;
  const choice = to.classes.filter(({ id }) => id !== to.ignore_id);
  const table = new Uint16Array(idCount(labels)).fill(blank);
  const found = new Uint8Array(table.length);
  for (const { id, name } of from.classes) {
    if (id === from.ignore_id) continue;
    const names = synonyms(name);
    const wanted = [...names, ...names.flatMap((each) => INSTEAD[each] ?? [])];
    const match = wanted.map((each) => named(choice, each)).find((each) => each);
    if (!match) continue;
    table[id] = match.id;
    found[id] = 1;
  }
  const counts = tally(labels);
  const painted = from.classes.filter(({ id }) => id !== from.ignore_id && counts[id] > 0);
  /** @param {ClassInfo[]} classes */
  const pixels = (classes) => classes.reduce((sum, { id }) => sum + counts[id], 0);
  const lost = painted.filter(({ id }) => !found[id]);
  const whole = pixels(painted);
  const translated = newLabels(to, labels.length);
  labels.forEach((id, i) => (translated[i] = table[id]));
  return {
    labels: translated,
    share: (whole - pixels(lost)) / Math.max(1, whole),
    lost: lost.map(({ name }) => name),
  };
}

/**
 * @param {string} name  of a class, as data sets write it: "tree", "mountain, mount" or "sky-other"
 * @returns {string[]} the whole name, then each synonym in it, without its suffix after a hyphen
 */
function synonyms(name) {
  const whole = name.toLowerCase();
  return [whole, ...whole.split(',').map((each) => each.trim().split('-')[0])].filter(Boolean);
}

/**
 * @param {import('../base/types.js').ClassInfo[]} classes
 * @param {string} wanted  in lower case
 * @returns the class of this name, else one whose first word it is ("mountain, mount"), else one that contains it
 */
function named(classes, wanted) {
  /** @param {string} name */
  const words = (name) => name.toLowerCase().split(/[^a-z]+/);
  return (
    classes.find(({ name }) => name.toLowerCase() === wanted) ??
    classes.find(({ name }) => words(name)[0] === wanted) ??
    classes.find(({ name }) => words(name).includes(wanted))
  );
}

/**
 * Names a class.
 * @param {Pick<Model, 'classes'>|null} model
 * @param {number} id
 * @returns {string} for display
 */
export const className = (model, id) => model?.classes.find((each) => each.id === id)?.name ?? `class ${id}`;
