/**
 * Re-rolls: new noise for everything, a region, a class or an object. Each is planned first, so that it can be
 * previewed before it becomes an undoable step.
 */
/** @typedef {import('./editor.js').Editor} Editor */
/** @typedef {import('./editor.js').Subject} Subject */
/** @typedef {import('../base/types.js').NoiseRegion} NoiseRegion */
import { UserError } from '../base/errors.js';
import { t } from '../base/i18n.js';
import { regionMask } from '../document/composite.js';
import { newRegion, withoutEmpty } from '../document/noise.js';
import { reroll, withVector } from '../document/vectors.js';
import { className } from '../maps/classes.js';
import { connected, maskOf } from '../maps/labelmap.js';
import { freezePixels, pixelsReady } from './frozen-pixels.js';
import { noiseLocks, regionName, withLockedClasses, withRegion } from './regions.js';

/**
 * @typedef {object} Plan  A change of the noise that has not been applied yet.
 * @property {string} name  of the step
 * @property {import('../base/types.js').Noise} noise
 * @property {Uint8Array} regions  the region map
 * @property {Uint8Array|null} mask  1 where the noise changes; null: everywhere
 * @property {number} [region]  the id of the region it changes
 * @property {boolean} [activate]  whether that region becomes the active one
 */

/**
 * Applies a plan as one undoable step, once the pixels to freeze are known.
 * @param {Editor} editor
 * @param {() => Plan} make  called again after the wait, since the document may have changed
 */
export async function applyPlan(editor, make) {
  const { doc } = editor;
  const { width, height } = doc;
  const { mask } = make();
  if (mask) await pixelsReady(editor, mask);
  // The map may have been replaced in the meantime.
  if (editor.doc === doc && doc.width === width && doc.height === height) apply(editor, make());
}

/**
 * Applies a plan at once.
 * @param {Editor} editor
 * @param {Plan} plan
 * @param {ImageData} [picture]  the new picture, if it is known
 */
export function apply(editor, { name, noise, regions, mask, region, activate }, picture) {
  const { doc } = editor;
  const change = () => {
    if (mask) freezePixels(editor, mask);
    else doc.frozen = null;
    doc.regions.set(regions);
    doc.noise = withoutEmpty(noise, regions);
  };
  editor.edit(name, change, picture);
  if (activate) editor.store.set({ reroll: { regionId: region } });
}

/**
 * Plans new noise for everything that is not locked.
 * @param {Subject} subject
 * @returns {Plan}
 */
export function planAll(subject) {
  const { state } = subject;
  const { noise: old, regions } = withLockedClasses(subject);
  const all = old.regions.map((each) => (each.locked ? each : withVector(each, reroll(each, state.reroll))));
  const noise = { ...withVector(old, reroll(old, state.reroll)), regions: all };
  return { name: t('Re-roll all'), noise, regions, mask: unlocked(old, regions) };
}

/**
 * Plans a new vector for a region, or the global one.
 * @param {Subject} subject
 * @param {number} id  of the region; 0: global
 * @param {import('../base/types.js').NoiseVector} [vector]  a re-roll by default
 * @returns {Plan}
 * @throws {UserError} if the region is locked or no longer exists
 */
export function planVector(subject, id, vector) {
  const { noise, regions } = withLockedClasses(subject);
  const region = noise.regions.find((each) => each.id === id);
  if (id && !region) throw new UserError(t('That noise region no longer exists.'));
  const changed = vector ?? reroll(region ?? noise, subject.state.reroll);
  if (!region)
    return { name: t('Set the seed'), noise: withVector(noise, changed), regions, mask: unlocked(noise, regions) };
  return {
    name: t('Re-roll {name}', { name: unlockedName(subject, region) }),
    noise: withRegion(noise, withVector(region, changed)),
    regions,
    mask: regionMask(regions, id),
    region: id,
  };
}

/**
 * Plans new noise for a class, as a region of its own.
 * @param {Subject} subject
 * @param {number} classId
 * @returns {Plan}
 * @throws {UserError} if no pixel has that class, or its noise is locked
 */
export function planClass(subject, classId) {
  const { doc, state } = subject;
  if (!doc.labels.includes(classId)) {
    throw new UserError(t('Nothing is painted as {name} yet.', { name: className(subject.state.model, classId) }));
  }
  const own = doc.noise.regions.filter((region) => region.classId === classId);
  for (const each of own) unlockedName(subject, each);
  const [old] = own;
  const region = old
    ? withVector(old, reroll(old, state.reroll))
    : newRegion(doc.noise, classId, reroll(doc.noise, state.reroll));
  return planArea(
    subject,
    maskOf(doc.labels, (label) => label === classId),
    region,
  );
}

/**
 * Plans new noise for an object: the connected pixels of one class around a point.
 * @param {Subject} subject
 * @param {import('../base/types.js').Point} point  on the map
 * @returns {Plan}
 */
export function planObject(subject, { x, y }) {
  const { doc, state } = subject;
  const at = Math.floor(y) * doc.width + Math.floor(x);
  const region = newRegion(doc.noise, null, reroll(doc.noise, state.reroll));
  region.name = `${className(subject.state.model, doc.labels[at])} ${region.id}`;
  return planArea(subject, connected(doc.labels, doc.width, at), region);
}

/**
 * Plans a region that covers an area, except pixels with locked noise, and nothing else.
 * @param {Subject} subject
 * @param {Uint8Array} inside  nonzero in the area
 * @param {NoiseRegion} region
 * @returns {Plan}
 * @throws {UserError} if the noise of the whole area is locked
 */
export function planArea(subject, inside, region) {
  const { doc } = subject;
  const regions = doc.regions.slice();
  const mask = new Uint8Array(regions.length);
  const isLocked = noiseLocks(doc, region.id);
  for (let i = 0; i < regions.length; i++) {
    if (inside[i] ? isLocked(i) : regions[i] !== region.id) continue;
    mask[i] = 1;
    regions[i] = inside[i] ? region.id : 0;
  }
  if (!regions.includes(region.id)) throw new UserError(t('The noise there is locked: unlock it first.'));
  const name = t('Re-roll {name}', { name: regionName(subject.state.model, region) });
  return { name, noise: withRegion(doc.noise, region), regions, mask, region: region.id, activate: true };
}

/**
 * Plans to remove a region: its pixels get the global noise.
 * @param {Subject} subject
 * @param {NoiseRegion} region
 * @returns {Plan}
 */
export function planRemoval(subject, region) {
  const { noise, regions } = subject.doc;
  const name = t('Remove {name}', { name: regionName(subject.state.model, region) });
  const left = regions.map((id) => (id === region.id ? 0 : id));
  return { name, noise, regions: left, mask: regionMask(regions, region.id) };
}

/**
 * @param {Subject} subject
 * @param {NoiseRegion} region
 * @returns {string} its name
 * @throws {UserError} if it is locked
 */
function unlockedName(subject, region) {
  const name = regionName(subject.state.model, region);
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
