/** @typedef {import('./types.js').Noise} Noise */
/** @typedef {import('./types.js').NoiseRegion} NoiseRegion */
import { t } from './i18n.js';

export const SEED_MAX = 2 ** 32 - 1;
export const REGION_MAX = 255;

/** @returns {number} 0..2^32-1 */
export function randomSeed() {
  return crypto.getRandomValues(new Uint32Array(1))[0];
}

/**
 * @param {string} text
 * @returns {number}
 * @throws {Error} fit for people
 */
export function parseSeed(text) {
  const seed = /^\d{1,10}$/.test(text.trim()) ? Number(text) : NaN;
  if (!(seed <= SEED_MAX)) throw new Error(t('A seed is a whole number from 0 to {most}.', { most: SEED_MAX }));
  return seed;
}

/**
 * @param {Noise} noise
 * @param {number|null} classId
 * @param {import('./types.js').Draw} [draw]
 * @returns {NoiseRegion} with the lowest free id
 * @throws {Error} fit for people, when all ids are taken
 */
export function newRegion(noise, classId, draw = { seed: randomSeed() }) {
  const taken = new Set(noise.regions.map((region) => region.id));
  let id = 1;
  while (taken.has(id)) id++;
  if (id > REGION_MAX) {
    throw new Error(t('A picture holds at most {most} noise regions. Remove one first.', { most: REGION_MAX }));
  }
  return { id, ...draw, classId };
}

/**
 * @param {Noise} noise
 * @param {Uint8Array} regions  the region map
 * @returns {Noise} without the regions that no pixel has
 */
export function withoutEmpty(noise, regions) {
  if (!noise.regions.length) return noise;
  const used = new Set(regions);
  const left = noise.regions.filter((region) => used.has(region.id));
  return left.length === noise.regions.length ? noise : { ...noise, regions: left };
}

/**
 * A colour per region, told apart by the golden angle.
 * @param {number} id
 * @returns {string}
 */
export function regionColor(id) {
  return `hsl(${Math.round((id * 137.5 + 170) % 360)} 78% 62%)`;
}

/**
 * The outline of every region along pixel edges.
 * @param {Uint8Array} regions
 * @param {number} width
 * @returns {Map<number, Path2D>} by region id
 */
export function outlines(regions, width) {
  const height = regions.length / width;
  /** @type {Map<number, Path2D>} */
  const paths = new Map();
  /** @type {(x: number, y: number) => number} */
  const at = (x, y) => (x < 0 || y < 0 || x >= width || y >= height ? 0 : regions[y * width + x]);
  /** @type {(ids: number[], x0: number, y0: number, x1: number, y1: number) => void} */
  const line = (ids, x0, y0, x1, y1) => {
    for (const id of ids) {
      if (id === 0) continue;
      const path = paths.get(id) ?? new Path2D();
      path.moveTo(x0, y0);
      path.lineTo(x1, y1);
      paths.set(id, path);
    }
  };
  for (let y = 0; y <= height; y++) {
    for (let x = 0; x < width; ) {
      const [above, below, start] = [at(x, y - 1), at(x, y), x];
      do x++;
      while (x < width && at(x, y - 1) === above && at(x, y) === below);
      if (above !== below) line([above, below], start, y, x, y);
    }
  }
  for (let x = 0; x <= width; x++) {
    for (let y = 0; y < height; ) {
      const [left, right, start] = [at(x - 1, y), at(x, y), y];
      do y++;
      while (y < height && at(x - 1, y) === left && at(x, y) === right);
      if (left !== right) line([left, right], x, start, x, y);
    }
  }
  return paths;
}
