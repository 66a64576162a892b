/** @typedef {import('./types.js').Noise} Noise */
/** @typedef {import('./types.js').NoiseRegion} NoiseRegion */
import { t } from './i18n.js';
import { difference } from './labelmap.js';

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
 * A color per region, told apart by the golden angle.
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
  /** @type {Map<number, Path2D>} */
  const paths = new Map();
  const box = difference(new Uint8Array(regions.length), regions, width);
  if (!box) return paths;
  const { left, top, width: across, height: down } = box;

  /**
   * The edges between lines of pixels, all rows or all columns of the box.
   * @param {number} lines
   * @param {number} length  of a line
   * @param {number} stride  from a line to the next
   * @param {number} step  along a line
   */
  const trace = (lines, length, stride, step) => {
    /** @type {(line: number, along: number) => [number, number]} */
    const corner = (line, along) => (step === 1 ? [left + along, top + line] : [left + line, top + along]);
    for (let line = 0; line <= lines; line++) {
      const first = top * width + left + line * stride;
      for (let i = 0; i < length;) {
        const start = i;
        const before = line > 0 ? regions[first + i * step - stride] : 0;
        const after = line < lines ? regions[first + i * step] : 0;
        for (i++; i < length; i++) {
          const at = first + i * step;
          if ((line > 0 && regions[at - stride] !== before) || (line < lines && regions[at] !== after)) break;
        }
        if (before === after) continue;
        for (const id of [before, after]) {
          if (id === 0) continue;
          const path = paths.get(id) ?? new Path2D();
          path.moveTo(...corner(line, start));
          path.lineTo(...corner(line, i));
          paths.set(id, path);
        }
      }
    }
  };
  trace(down, across, width, 1);
  trace(across, down, 1, width);
  return paths;
}
