/** Which class of one model stands for a class of another: by name, or the nearest thing it has. */
/** @typedef {import('./types.js').Model} Model */

/** Of the painted pixels this share at least must find a class, or a map is not worth taking to another model. */
export const SHARE_MIN = 0.5;

/** What may stand in for a class, best first. @type {Record<string, string[]>} */
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

/**
 * @param {Uint8Array} labels  ids of `from`
 * @param {Model} from
 * @param {Model} to
 * @returns {{labels: Uint8Array, share: number}} ids of `to`, its blank id where it has nothing of the kind; and
 * the share of the painted pixels that found a class, 0 where nothing is painted
 */
export function translate(labels, from, to) {
  const blank = to.ignore_id ?? 0;
  const painted = to.classes.filter(({ id }) => id !== to.ignore_id);
  const table = new Uint8Array(256).fill(blank);
  const found = new Uint8Array(256);
  for (const { id, name } of from.classes) {
    if (id === from.ignore_id) continue;
    const names = synonyms(name);
    const wanted = [...names, ...names.flatMap((each) => INSTEAD[each] ?? [])];
    const match = wanted.map((each) => named(painted, each)).find((each) => each);
    if (!match) continue;
    table[id] = match.id;
    found[id] = 1;
  }
  const sum = labels.reduce((count, id) => count + found[id], 0);
  const whole = labels.reduce((count, id) => count + Number(id !== from.ignore_id), 0);
  return { labels: labels.map((id) => table[id]), share: sum / Math.max(1, whole) };
}

/**
 * @param {string} name  of a class: one word, or as data sets write it, "mountain, mount" and "sky-other"
 * @returns {string[]} the whole, then each name in it, without what comes after a hyphen
 */
function synonyms(name) {
  const whole = name.toLowerCase();
  return [whole, ...whole.split(',').map((each) => each.trim().split('-')[0])].filter(Boolean);
}

/**
 * @param {import('./types.js').ClassInfo[]} classes
 * @param {string} wanted  in lower case
 * @returns the class of this name, else one whose first word it is ("mountain, mount"), else one that has it
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
