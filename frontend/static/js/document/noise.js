/** Seeds and noise regions. */
/** @typedef {import('../base/types.js').Noise} Noise */
/** @typedef {import('../base/types.js').NoiseRegion} NoiseRegion */
import { UserError } from '../base/errors.js';
import { t } from '../base/i18n.js';

export const SEED_MAX = 2 ** 32 - 1;
export const REGION_MAX = 255;

/** @returns {number} a random seed, 0..2^32-1 */
export function randomSeed() {
  return crypto.getRandomValues(new Uint32Array(1))[0];
}

/**
 * Reads a seed.
 * @param {string} text
 * @returns {number} 0..2^32-1
 * @throws {UserError} if it is not one
 */
export function parseSeed(text) {
  const seed = /^\d{1,10}$/.test(text.trim()) ? Number(text) : NaN;
  if (!(seed <= SEED_MAX)) throw new UserError(t('A seed is a whole number from 0 to {most}.', { most: SEED_MAX }));
  return seed;
}

/**
 * Makes a region, without adding it to the noise.
 * @param {Noise} noise
 * @param {number|null} classId  the class it is made from, if any
 * @param {import('../base/types.js').NoiseVector} [vector]
 * @returns {NoiseRegion} with the lowest free id
 * @throws {UserError} if all ids are taken
 */
export function newRegion(noise, classId, vector = { seed: randomSeed() }) {
  const taken = new Set(noise.regions.map((region) => region.id));
  let id = 1;
  while (taken.has(id)) id++;
  if (id > REGION_MAX) {
    throw new UserError(t('A picture can have at most {most} noise regions. Remove one first.', { most: REGION_MAX }));
  }
  return { id, ...vector, classId };
}

/**
 * Removes regions without pixels.
 * @param {Noise} noise
 * @param {Uint8Array} regions  the region map
 * @returns {Noise} the same object if there are none
 */
export function withoutEmpty(noise, regions) {
  if (!noise.regions.length) return noise;
  const used = new Set(regions);
  const left = noise.regions.filter((region) => used.has(region.id));
  return left.length === noise.regions.length ? noise : { ...noise, regions: left };
}

/**
 * Gives each region a color; hues differ by the golden angle.
 * @param {number} id
 * @returns {string} a CSS color
 */
export function regionColor(id) {
  return `hsl(${Math.round((id * 137.5 + 170) % 360)} 78% 62%)`;
}
