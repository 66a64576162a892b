/** The names, locks and soft edges of noise regions. */
/** @typedef {import('./editor.js').Editor} Editor */
/** @typedef {import('./editor.js').Subject} Subject */
/** @typedef {import('../base/types.js').Noise} Noise */
/** @typedef {import('../base/types.js').NoiseRegion} NoiseRegion */
import { UserError } from '../base/errors.js';
import { t } from '../base/i18n.js';
import { regionMask } from '../document/composite.js';
import { newRegion, withoutEmpty } from '../document/noise.js';
import { vectorText, withVector } from '../document/vectors.js';
import { className } from '../maps/classes.js';
import { freezePixels } from './frozen-pixels.js';

/**
 * Names a region.
 * @param {import('../base/types.js').Model|null} model
 * @param {NoiseRegion} region
 * @returns {string} for display
 */
export function regionName(model, { id, classId, name }) {
  return name ?? (classId === null ? t('Region {id}', { id }) : className(model, classId));
}

/**
 * Renames a region.
 * @param {Editor} editor
 * @param {NoiseRegion} region
 * @param {string} name  '' restores the default name
 */
export function renameRegion(editor, region, name) {
  const renamed = withRegion(editor.doc.noise, { ...region, name: name || undefined });
  change(editor, t('Rename {name}', { name: regionName(editor.state.model, region) }), renamed);
}

/**
 * Locks a region, or unlocks it.
 * @param {Editor} editor
 * @param {NoiseRegion} region
 */
export function lockRegion(editor, region) {
  const name = regionName(editor.state.model, region);
  const turned = withRegion(editor.doc.noise, { ...region, locked: !region.locked });
  change(editor, t(region.locked ? 'Unlock {name}' : 'Lock {name}', { name }), turned);
}

/**
 * Locks or unlocks the noise of a class.
 * @param {Editor} editor
 * @param {number} classId
 * @throws {UserError} if no pixel has that class
 */
export function lockClass(editor, classId) {
  const { noise, labels } = editor.doc;
  const name = className(editor.state.model, classId);
  const unlock = lockedClasses(noise).has(classId);
  if (!unlock && !labels.includes(classId)) throw new UserError(t('Nothing is painted as {name} yet.', { name }));
  const turned = noise.regions.map((each) => (each.classId === classId ? { ...each, locked: !unlock } : each));
  if (unlock) return change(editor, t('Unlock {name}', { name }), { ...noise, regions: turned });
  const result = withLockedClasses(editor, { ...noise, regions: turned }, classId);
  change(editor, t('Lock {name}', { name }), result.noise, result.regions);
}

/**
 * Puts all pixels of locked classes into locked regions that look the same. Such a class may have new pixels since it
 * was locked, or pixels in other regions.
 * @param {Subject} subject
 * @param {Noise} [noise]  of the document
 * @param {number} [classId]  a class to lock in addition
 * @returns {{noise: Noise, regions: Uint8Array}}
 */
export function withLockedClasses(subject, noise = subject.doc.noise, classId) {
  const { labels } = subject.doc;
  const regions = subject.doc.regions.slice();
  const classes = lockedClasses(noise);
  if (classId !== undefined) classes.add(classId);
  /** New region by class and old region. @type {Map<number, number>} */
  const places = new Map();
  for (let i = 0; i < regions.length; i++) {
    if (!classes.has(labels[i])) continue;
    const key = 256 * labels[i] + regions[i];
    let place = places.get(key);
    if (place === undefined) {
      [noise, place] = lockedRegion(subject, noise, labels[i], regions[i]);
      places.set(key, place);
    }
    regions[i] = place;
  }
  return { noise, regions };
}

/**
 * @param {Subject} subject
 * @param {Noise} noise
 * @param {number} classId
 * @param {number} from  the region of its pixels
 * @returns {[Noise, number]} the noise, and the id of a locked region in it where these pixels look the same
 */
function lockedRegion(subject, noise, classId, from) {
  const old = noise.regions.find(({ id }) => id === from);
  // The class's own region stays unlocked if the user unlocked it.
  if (old?.locked || old?.classId === classId) return [noise, from];
  const own = noise.regions.filter((each) => each.classId === classId);
  const plain = !old || old.plain;
  const same = own.find((each) => each.locked && each.plain === plain && vectorText(each) === vectorText(old ?? noise));
  if (same) return [noise, same.id];
  const region = { ...withVector(newRegion(noise, classId), old ?? noise), locked: true, plain };
  if (own.length) region.name = `${className(subject.state.model, classId)} ${region.id}`;
  return [withRegion(noise, region), region.id];
}

/**
 * @param {Noise} noise
 * @param {number} [own]  a region to ignore
 * @returns {Set<number>} the classes with locked noise
 */
function lockedClasses({ regions }, own) {
  return new Set(
    regions.flatMap(({ id, locked, classId }) => (locked && id !== own && classId !== null ? [classId] : [])),
  );
}

/**
 * Makes a test for pixels that a region must not take.
 * @param {import('../document/document.js').Document} doc
 * @param {number} own  the id of the region
 * @returns {(index: number) => boolean} whether the noise of a pixel's region or class is locked
 */
export function noiseLocks({ noise, regions, labels }, own) {
  const ids = noise.regions.filter(({ id, locked }) => locked && id !== own).map(({ id }) => id);
  const classes = lockedClasses(noise, own);
  return (i) => regions[i] !== own && (ids.includes(regions[i]) || classes.has(labels[i]));
}

/**
 * Changes the soft edge of a region within a step, which `editor.closeStroke` ends.
 * @param {Editor} editor
 * @param {NoiseRegion} region
 * @param {number} feather  pixels
 */
export function soften(editor, region, feather) {
  const { doc } = editor;
  if (!doc.isOpen) editor.openStroke(t('Soft edge of {name}', { name: regionName(editor.state.model, region) }));
  freezePixels(editor, regionMask(doc.regions, region.id));
  doc.noise = withRegion(doc.noise, { ...region, feather: feather || undefined });
  editor.strokeChanged();
}

/**
 * Makes a step that does not change the picture.
 * @param {Editor} editor
 * @param {string} name  of the step
 * @param {Noise} noise
 * @param {Uint8Array} [regions]  the new region map
 */
function change(editor, name, noise, regions) {
  const { doc, state, painting } = editor;
  const make = () => {
    if (regions) doc.regions.set(regions);
    doc.noise = withoutEmpty(noise, doc.regions);
  };
  editor.edit(name, make, state.live.shown === doc.version ? painting.picture : null);
}

/**
 * Adds a region, or replaces the one with its id.
 * @param {Noise} noise
 * @param {NoiseRegion} region
 * @returns {Noise} a copy
 */
export function withRegion(noise, region) {
  const others = noise.regions.filter(({ id }) => id !== region.id);
  return { ...noise, regions: [...others, region].sort((a, b) => a.id - b.id) };
}
