/**
 * Re-rolling: new noise for everything, a region, or all pixels of a class. Each is
 * planned first, so that it can be looked at before it becomes an undoable step.
 */
/** @typedef {import('./editor.js').Editor} Editor */
/** @typedef {import('../base/types.js').NoiseRegion} NoiseRegion */
import { UserError } from '../base/errors.js';
import { t } from '../base/i18n.js';
import { coverOf } from '../document/composite.js';
import { reroll, withDraw } from '../document/draws.js';
import { newRegion, withoutEmpty } from '../document/noise.js';
import { connected } from '../maps/labelmap.js';
import { noiseLocks, regionName, withHeld, withRegion } from './regions.js';

/**
 * @typedef {object} Plan  Another noise, not yet taken.
 * @property {string} name  of the step
 * @property {import('../base/types.js').Noise} noise
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
  const { doc } = editor;
  const { width, height } = doc;
  const { cover } = make();
  if (cover) await editor.keepable(cover);
  // The map may have been replaced meanwhile.
  if (editor.doc === doc && doc.width === width && doc.height === height) take(editor, make());
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
export function planAll(editor) {
  const { state } = editor;
  const { noise: old, regions } = withHeld(editor);
  const all = old.regions.map((each) => (each.locked ? each : withDraw(each, reroll(each, state))));
  const noise = { ...withDraw(old, reroll(old, state)), regions: all };
  return { name: t('Re-roll all'), noise, regions, cover: unlocked(old, regions) };
}

/**
 * @param {Editor} editor
 * @param {number} id  of a region; 0: of everything else
 * @param {import('../base/types.js').Draw} [draw]  a new one unless given
 * @returns {Plan}
 * @throws {UserError} if it is locked or gone
 */
export function planDraw(editor, id, draw) {
  const { noise, regions } = withHeld(editor);
  const region = noise.regions.find((each) => each.id === id);
  if (id && !region) throw new UserError(t('That noise region is gone.'));
  const changed = draw ?? reroll(region ?? noise, editor.state);
  if (!region)
    return { name: t('Set the seed'), noise: withDraw(noise, changed), regions, cover: unlocked(noise, regions) };
  return {
    name: t('Re-roll {name}', { name: unlockedName(editor, region) }),
    noise: withRegion(noise, withDraw(region, changed)),
    regions,
    cover: coverOf(regions, id),
    region: id,
  };
}

/**
 * All pixels of a class as one region with new noise; again, if it was one.
 * @param {Editor} editor
 * @param {number} classId
 * @returns {Plan}
 * @throws {UserError} if there is nothing of that class, or it is locked
 */
export function planClass(editor, classId) {
  const { doc, state } = editor;
  if (!doc.labels.includes(classId)) {
    throw new UserError(t('Nothing is painted as {name} yet.', { name: editor.className(classId) }));
  }
  const own = doc.noise.regions.filter((region) => region.classId === classId);
  for (const each of own) unlockedName(editor, each);
  const [old] = own;
  const region = old ? withDraw(old, reroll(old, state)) : newRegion(doc.noise, classId, reroll(doc.noise, state));
  return planArea(
    editor,
    doc.labels.map((label) => Number(label === classId)),
    region,
  );
}

/**
 * New noise for the connected pixels of one class around a point.
 * @param {Editor} editor
 * @param {import('../base/types.js').Point} point  on the map
 * @returns {Plan}
 */
export function planObject(editor, { x, y }) {
  const { doc, state } = editor;
  const at = Math.floor(y) * doc.width + Math.floor(x);
  const region = newRegion(doc.noise, null, reroll(doc.noise, state));
  region.name = `${editor.className(doc.labels[at])} ${region.id}`;
  return planArea(editor, connected(doc.labels, doc.width, at), region);
}

/**
 * @param {Editor} editor
 * @param {Uint8Array} inside  not 0 there
 * @param {NoiseRegion} region  that shall be there and nowhere else
 * @returns {Plan} without what is locked
 * @throws {UserError} if nothing is left
 */
export function planArea(editor, inside, region) {
  const { doc } = editor;
  const regions = doc.regions.slice();
  const cover = new Uint8Array(regions.length);
  const isLocked = noiseLocks(doc, region.id);
  for (let i = 0; i < regions.length; i++) {
    if (inside[i] ? isLocked(i) : regions[i] !== region.id) continue;
    cover[i] = 1;
    regions[i] = inside[i] ? region.id : 0;
  }
  if (!regions.includes(region.id)) throw new UserError(t('The noise there is locked: unlock it first.'));
  const name = t('Re-roll {name}', { name: regionName(editor, region) });
  return { name, noise: withRegion(doc.noise, region), regions, cover, region: region.id, activate: true };
}

/**
 * A region's pixels back to the noise of everything.
 * @param {Editor} editor
 * @param {NoiseRegion} region
 * @returns {Plan}
 */
export function planRemoval(editor, region) {
  const { noise, regions } = editor.doc;
  const name = t('Remove {name}', { name: regionName(editor, region) });
  const left = regions.map((id) => (id === region.id ? 0 : id));
  return { name, noise, regions: left, cover: coverOf(regions, region.id) };
}

/**
 * @param {Editor} editor
 * @param {NoiseRegion} region
 * @returns {string} its name
 * @throws {UserError} if it is locked
 */
function unlockedName(editor, region) {
  const name = regionName(editor, region);
  if (region.locked) throw new UserError(t('{name} is locked: unlock it first.', { name }));
  return name;
}

/**
 * @param {import('../base/types.js').Noise} noise
 * @param {Uint8Array} regions
 * @returns {Uint8Array|null} 1 outside the locked regions; null if there are none
 */
function unlocked(noise, regions) {
  const locked = noise.regions.filter((region) => region.locked).map(({ id }) => id);
  return locked.length ? regions.map((id) => (locked.includes(id) ? 0 : 1)) : null;
}
