/**
 * The noise as the server takes it. A region with a soft edge is sent as concentric rings, each a region of its own,
 * whose noise approaches the global noise step by step.
 */
/** @typedef {import('../base/types.js').Noise} Noise */
/** @typedef {import('../base/types.js').NoiseRegion} NoiseRegion */
import { depths } from '../maps/distance.js';
import { difference } from '../maps/labelmap.js';
import { REGION_MAX } from './noise.js';

/** More rings do not look smoother (benchmarks/seams.py). */
const RINGS_MAX = 8;

/**
 * @typedef {object} RingMap  A region map with rings.
 * @property {Uint8Array} from  the region map
 * @property {string} key  the width and the soft edges it was made for
 * @property {Uint8Array} regions  the map, with the rings' ids in it
 * @property {Map<number, number[]>} rings  by region: the ids of its rings, from its edge inward
 */

/** The last result, cached because most edits change no region. @type {RingMap|null} */
let last = null;

/**
 * Converts the noise of a document for the server.
 * @param {{width: number, regions: Uint8Array, noise: Noise}} content  as in a document
 * @returns {{noise: object, regions: Uint8Array}} as models/noise.py reads it; do not write to the map
 */
export function wireContent({ width, regions, noise }) {
  const { rings, regions: map } = ringMap(width, regions, noise);
  const own = noise.regions.flatMap((region) => {
    const ids = rings.get(region.id) ?? [];
    return [wireRegion(region), ...ids.map((id, i) => wireRegion(region, id, 1 - (i + 1) / (ids.length + 1)))];
  });
  return { noise: { seed: noise.seed, blend: noise.blend, regions: own }, regions: map };
}

/**
 * @param {NoiseRegion} region
 * @param {number} [id]  of its ring, if it is one
 * @param {number} [t]  how far the ring is blended toward the global noise, 0..1
 */
const wireRegion = ({ id: own, seed, blend = [], channels }, id = own, t = 0) => ({
  id,
  seed,
  channels,
  blend: t ? [...blend, { t }] : blend,
});

/**
 * @param {number} width
 * @param {Uint8Array} regions
 * @param {Noise} noise
 * @returns {{regions: Uint8Array, rings: Map<number, number[]>}}
 */
function ringMap(width, regions, noise) {
  const soft = noise.regions.filter(({ feather }) => feather);
  if (!soft.length) return { regions, rings: new Map() };
  const key = JSON.stringify([width, noise.regions.map(({ id, feather }) => [id, feather])]);
  const same = last?.key === key && last.from.length === regions.length && !difference(last.from, regions, width);
  if (!last || !same) last = { key, from: regions.slice(), ...makeRings(width, regions, noise.regions, soft) };
  return last;
}

/**
 * @param {number} width
 * @param {Uint8Array} regions
 * @param {readonly NoiseRegion[]} all
 * @param {NoiseRegion[]} soft  those with a soft edge
 * @returns {{regions: Uint8Array, rings: Map<number, number[]>}}
 */
function makeRings(width, regions, all, soft) {
  const depth = depths(regions, width);
  const deepest = new Float32Array(256);
  for (let i = 0; i < regions.length; i++) if (depth[i] > deepest[regions[i]]) deepest[regions[i]] = depth[i];

  const taken = new Set(all.map(({ id }) => id));
  const spare = Array.from({ length: REGION_MAX }, (_, i) => REGION_MAX - i).filter((id) => !taken.has(id));
  const share = Math.min(RINGS_MAX, Math.floor(spare.length / soft.length));
  /** @type {Map<number, number[]>} */
  const rings = new Map();
  const step = new Float32Array(256);
  for (const { id, feather = 0 } of soft) {
    // In a narrow region at least the middle has its own noise.
    const breadth = Math.min(feather, deepest[id] - 1);
    const count = Math.min(share, Math.floor(breadth));
    if (count < 1) continue;
    rings.set(id, spare.splice(0, count));
    step[id] = count / breadth;
  }

  const out = regions.slice();
  for (let i = 0; i < out.length; i++) {
    const ring = step[out[i]] && rings.get(out[i])?.[Math.floor((depth[i] - 0.5) * step[out[i]])];
    if (ring) out[i] = ring;
  }
  return { regions: out, rings };
}
