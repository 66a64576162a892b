/** What a noise region has beside its noise: a name, a lock, a soft edge. */
/** @typedef {import('../editor.js').Editor} Editor */
/** @typedef {import('../types.js').NoiseRegion} NoiseRegion */
import { t } from '../i18n.js';
import { coverOf } from '../keep.js';
import { newRegion } from '../noise.js';

/**
 * @param {Editor} editor
 * @param {NoiseRegion} region
 * @returns {string} for people
 */
export function regionName(editor, { id, classId, name }) {
  return name ?? (classId === null ? t('Region {id}', { id }) : editor.className(classId));
}

/**
 * @param {Editor} editor
 * @param {NoiseRegion} region
 * @param {string} name  none: that which it had at first
 */
export function renameRegion(editor, region, name) {
  change(editor, t('Rename {name}', { name: regionName(editor, region) }), { ...region, name: name || undefined });
}

/**
 * Locks a region, or unlocks it.
 * @param {Editor} editor
 * @param {NoiseRegion} region
 */
export function lockRegion(editor, region) {
  const name = regionName(editor, region);
  change(editor, t(region.locked ? 'Unlock {name}' : 'Lock {name}', { name }), { ...region, locked: !region.locked });
}

/**
 * Locks the noise that a class has, whatever it is; or unlocks it.
 * @param {Editor} editor
 * @param {number} classId
 * @throws {Error} fit for people, if nothing of the class is free to be locked
 */
export function lockClass(editor, classId) {
  const { doc } = editor;
  const old = doc.noise.regions.find((region) => region.classId === classId);
  if (old) return lockRegion(editor, old);
  const name = editor.className(classId);
  const regions = doc.regions.slice();
  const { seed, blend } = doc.noise;
  const region = { ...newRegion(doc.noise, classId, { seed, ...(blend && { blend }) }), locked: true };
  for (let i = 0; i < regions.length; i++) if (doc.labels[i] === classId && !regions[i]) regions[i] = region.id;
  if (!regions.includes(region.id)) throw new Error(t('No pixel of {name} has the noise of everything.', { name }));
  change(editor, t('Lock {name}', { name }), region, regions);
}

/**
 * Gives a region another soft edge, within a step that `editor.closeStroke` ends.
 * @param {Editor} editor
 * @param {NoiseRegion} region
 * @param {number} feather  pixels
 */
export function soften(editor, region, feather) {
  const { doc } = editor;
  if (!doc.isOpen) editor.openStroke(t('Soft edge of {name}', { name: regionName(editor, region) }));
  editor.keep(coverOf(doc.regions, region.id));
  doc.noise = withRegion(doc.noise, { ...region, feather });
  editor.strokeChanged();
}

/**
 * A step that changes no pixel of the picture.
 * @param {Editor} editor
 * @param {string} name  of the step
 * @param {NoiseRegion} region
 * @param {Uint8Array} [regions]  the region map with it
 */
function change(editor, name, region, regions) {
  const { doc, state, picture } = editor;
  const make = () => {
    if (regions) doc.regions.set(regions);
    doc.noise = withRegion(doc.noise, region);
  };
  editor.edit(name, make, state.shown === doc.version ? picture : null);
}

/**
 * @param {import('../types.js').Noise} noise
 * @param {NoiseRegion} region  instead of the one of its id, if there is one
 */
export function withRegion(noise, region) {
  const others = noise.regions.filter(({ id }) => id !== region.id);
  return { ...noise, regions: [...others, region].sort((a, b) => a.id - b.id) };
}
