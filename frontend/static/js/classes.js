/** Which class of one model stands for a class of another: by name, or the nearest thing it has. */
/** @typedef {import('./types.js').Model} Model */

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
 * the share of the pixels that found a class
 */
export function translate(labels, from, to) {
  const blank = to.ignore_id ?? 0;
  const painted = to.classes.filter(({ id }) => id !== to.ignore_id);
  const table = new Uint8Array(256).fill(blank);
  const found = new Uint8Array(256);
  for (const { id, name } of from.classes) {
    if (id === from.ignore_id) continue;
    const match = [name, ...(INSTEAD[name] ?? [])].map((wanted) => named(painted, wanted)).find((each) => each);
    if (!match) continue;
    table[id] = match.id;
    found[id] = 1;
  }
  const share = labels.reduce((sum, id) => sum + found[id], 0) / labels.length;
  return { labels: labels.map((id) => table[id]), share };
}

/**
 * @param {import('./types.js').ClassInfo[]} classes
 * @param {string} wanted
 * @returns the class of this name, else one whose first word it is ("mountain, mount"), else one that has it
 */
function named(classes, wanted) {
  /** @param {string} name */
  const words = (name) => name.toLowerCase().split(/[^a-z]+/);
  return (
    classes.find(({ name }) => name === wanted) ??
    classes.find(({ name }) => words(name)[0] === wanted) ??
    classes.find(({ name }) => words(name).includes(wanted))
  );
}
