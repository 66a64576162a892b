/**
 * Re-rolling: new noise for everything, a region, or all pixels of a class. Each
 * is one undoable step; all but the first may keep the pixels outside.
 */
/** @typedef {import('./editor.js').Editor} Editor */
import { coverOf } from './keep.js';
import { newRegion, randomSeed, withRegionSeed, withoutEmpty } from './noise.js';

/**
 * New noise for everything, the regions too.
 * @param {Editor} editor
 */
export function rerollAll(editor) {
  const regions = editor.doc.noise.regions.map((region) => ({ ...region, seed: randomSeed() }));
  setNoise(editor, 'Re-roll all', { seed: randomSeed(), regions });
}

/**
 * @param {Editor} editor
 * @param {string} name  of the step
 * @param {import('./types.js').Noise} noise
 */
export function setNoise(editor, name, noise) {
  editor.edit(name, () => {
    editor.doc.noise = noise;
    editor.doc.kept = null;
  });
}

/**
 * @param {Editor} editor
 * @param {number} id
 * @param {number} [seed]
 */
export async function rerollRegion(editor, id, seed = randomSeed()) {
  const { doc } = editor;
  await editor.keepable(coverOf(doc.regions, id));
  editor.edit(`Re-roll region ${id}`, () => {
    editor.keep(coverOf(doc.regions, id));
    doc.noise = withRegionSeed(doc.noise, id, seed);
  });
}

/**
 * Makes all pixels of a class one region with a new seed; again, if it was one.
 * @param {Editor} editor
 * @param {number} classId
 * @throws {Error} fit for people
 */
export async function rerollClass(editor, classId) {
  const { doc } = editor;
  const name = editor.className(classId);
  if (!doc.labels.includes(classId)) throw new Error(`Nothing is painted as ${name} yet.`);
  await editor.keepable(classCover(editor, classId));
  const old = doc.noise.regions.find((region) => region.classId === classId);
  const region = old ? { ...old, seed: randomSeed() } : newRegion(doc.noise, classId);
  editor.edit(`Re-roll ${name}`, () => {
    editor.keep(classCover(editor, classId));
    doc.regions.forEach((id, i) => {
      if (doc.labels[i] === classId) doc.regions[i] = region.id;
      else if (id === region.id) doc.regions[i] = 0;
    });
    const others = doc.noise.regions.filter(({ id }) => id !== region.id);
    const regions = [...others, region].sort((a, b) => a.id - b.id);
    doc.noise = withoutEmpty({ ...doc.noise, regions }, doc.regions);
  });
  editor.store.set({ regionId: region.id });
}

/**
 * Gives a region's pixels back to the noise of everything.
 * @param {Editor} editor
 * @param {number} id
 */
export async function removeRegion(editor, id) {
  const { doc } = editor;
  await editor.keepable(coverOf(doc.regions, id));
  editor.edit(`Remove region ${id}`, () => {
    editor.keep(coverOf(doc.regions, id));
    doc.regions.forEach((other, i) => {
      if (other === id) doc.regions[i] = 0;
    });
    doc.noise = withoutEmpty(doc.noise, doc.regions);
  });
}

/**
 * Where re-rolling a class changes the noise: its pixels, and those that were.
 * @param {Editor} editor
 * @param {number} classId
 */
function classCover({ doc: { labels, regions, noise } }, classId) {
  const old = noise.regions.find((region) => region.classId === classId)?.id ?? -1;
  return labels.map((label, i) => (label === classId || regions[i] === old ? 1 : 0));
}
