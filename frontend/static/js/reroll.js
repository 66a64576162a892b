/**
 * Re-rolling: new noise for everything, a region, or all pixels of a class. Each is
 * planned first, so that it can be looked at before it becomes an undoable step.
 */
/** @typedef {import('./editor.js').Editor} Editor */
/** @typedef {import('./types.js').Draw} Draw */
/** @typedef {import('./types.js').NoiseRegion} NoiseRegion */
import { t } from './i18n.js';
import { coverOf } from './keep.js';
import { connected } from './labelmap.js';
import { newRegion, withoutEmpty } from './noise.js';
import { reroll, withDraw } from './noise/draws.js';
import { regionName } from './noise/regions.js';

/**
 * @typedef {object} Plan  Another noise, not yet taken.
 * @property {string} name  of the step
 * @property {import('./types.js').Noise} noise
 * @property {Uint8Array} regions  the region map
 * @property {Uint8Array|null} cover  1 where it changes something; null: everywhere
 * @property {number} [region]  that it is about
 * @property {boolean} [activate]  that region then becomes the active one
 */

/**
 * Takes a plan, as one undoable step; other pixels stay, if the person wants that.
 * @param {Editor} editor
 * @param {() => Plan} make  what is planned may have to wait for the pixels to keep
 */
export async function carryOut(editor, make) {
  const { cover } = make();
  if (cover) await editor.keepable(cover);
  take(editor, make());
}

/**
 * @param {Editor} editor
 * @param {Plan} plan
 * @param {ImageData} [picture]  what it looks like, if that is known
 */
export function take(editor, { name, noise, regions, cover, region, activate }, picture) {
  const { doc } = editor;
  const change = () => {
    if (cover) editor.keep(cover);
    else doc.kept = null;
    doc.regions.set(regions);
    doc.noise = withoutEmpty(noise, regions);
  };
  editor.edit(name, change, picture);
  if (activate) editor.store.set({ regionId: region });
}

/**
 * New noise for everything but what is locked.
 * @param {Editor} editor
 * @returns {Plan}
 */
export function planAll({ doc, state }) {
  const regions = doc.noise.regions.map((each) => (each.locked ? each : withDraw(each, reroll(each, state))));
  const noise = { ...withDraw(doc.noise, reroll(doc.noise, state)), regions };
  return { name: 'Re-roll all', noise, regions: doc.regions.slice(), cover: unlocked(doc) };
}

/**
 * @param {Editor} editor
 * @param {Draw} draw  for everything that is no region
 * @returns {Plan}
 */
export function planGlobal({ doc }, draw) {
  return { name: 'Set the seed', noise: withDraw(doc.noise, draw), regions: doc.regions.slice(), cover: unlocked(doc) };
}

/**
 * @param {Editor} editor
 * @param {number} id  of a region
 * @param {Draw} [draw]  a new one unless given
 * @returns {Plan}
 * @throws {Error} fit for people, if it is locked
 */
export function planRegion(editor, id, draw) {
  const { doc, state } = editor;
  const region = regionOf(editor, id);
  refuseLocked(editor, region);
  const changed = withDraw(region, draw ?? reroll(region, state));
  return {
    name: t('Re-roll {name}', { name: regionName(editor, region) }),
    noise: { ...doc.noise, regions: doc.noise.regions.map((each) => (each === region ? changed : each)) },
    regions: doc.regions.slice(),
    cover: coverOf(doc.regions, id),
    region: id,
  };
}

/**
 * All pixels of a class as one region with new noise; again, if it was one.
 * @param {Editor} editor
 * @param {number} classId
 * @returns {Plan}
 * @throws {Error} fit for people, if there is nothing of that class, or it is locked
 */
export function planClass(editor, classId) {
  const { doc, state } = editor;
  const name = editor.className(classId);
  if (!doc.labels.includes(classId)) throw new Error(t('Nothing is painted as {name} yet.', { name }));
  const old = doc.noise.regions.find((region) => region.classId === classId);
  if (old) refuseLocked(editor, old);
  const region = old ? withDraw(old, reroll(old, state)) : newRegion(doc.noise, classId, reroll(doc.noise, state));
  const regions = doc.regions.slice();
  const cover = new Uint8Array(regions.length);
  for (let i = 0; i < regions.length; i++) {
    const inside = doc.labels[i] === classId;
    if (!inside && regions[i] !== region.id) continue;
    cover[i] = 1;
    regions[i] = inside ? region.id : 0;
  }
  const others = doc.noise.regions.filter(({ id }) => id !== region.id);
  const all = [...others, region].sort((a, b) => a.id - b.id);
  return { name: t('Re-roll {name}', { name }), noise: { ...doc.noise, regions: all }, regions, cover, region: region.id, activate: true };
}

/**
 * New noise for the connected pixels of one class around a point.
 * @param {Editor} editor
 * @param {import('./types.js').Point} point  on the map
 * @returns {Plan}
 */
export function planObject(editor, { x, y }) {
  const { doc, state } = editor;
  const at = Math.floor(y) * doc.width + Math.floor(x);
  const cover = connected(doc.labels, doc.width, at);
  const fresh = newRegion(doc.noise, null, reroll(doc.noise, state));
  const region = { ...fresh, name: `${editor.className(doc.labels[at])} ${fresh.id}` };
  return {
    name: t('Re-roll {name}', { name: region.name }),
    noise: { ...doc.noise, regions: [...doc.noise.regions, region] },
    regions: doc.regions.map((id, i) => (cover[i] ? region.id : id)),
    cover,
    region: region.id,
    activate: true,
  };
}

/**
 * A region's pixels back to the noise of everything.
 * @param {Editor} editor
 * @param {number} id
 * @returns {Plan}
 */
export function planRemoval(editor, id) {
  const { doc } = editor;
  const name = t('Remove {name}', { name: regionName(editor, regionOf(editor, id)) });
  const regions = doc.regions.map((other) => (other === id ? 0 : other));
  return { name, noise: doc.noise, regions, cover: coverOf(doc.regions, id) };
}

/**
 * @param {Editor} editor
 * @param {number} id
 * @returns {NoiseRegion}
 */
function regionOf({ doc }, id) {
  const found = doc.noise.regions.find((region) => region.id === id);
  if (!found) throw new Error(t('There is no region {id} any more.', { id }));
  return found;
}

/**
 * @param {Editor} editor
 * @param {NoiseRegion} region
 */
function refuseLocked(editor, region) {
  if (region.locked) throw new Error(t('{name} is locked: unlock it first.', { name: regionName(editor, region) }));
}

/**
 * @param {import('./document.js').Document} doc
 * @returns {Uint8Array|null} 1 outside the locked regions; null if there are none
 */
function unlocked({ noise, regions }) {
  const locked = new Set(noise.regions.filter((region) => region.locked).map(({ id }) => id));
  return locked.size ? regions.map((id) => (locked.has(id) ? 0 : 1)) : null;
}
