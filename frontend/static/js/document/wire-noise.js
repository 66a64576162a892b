/**
 * What the server is told of the noise. The document keeps plain regions; one with a soft edge
 * travels as rings, each a region of its own, whose noise nears that of everything step by step.
 */
/** @typedef {import('../base/types.js').Noise} Noise */
/** @typedef {import('../base/types.js').NoiseRegion} NoiseRegion */
import { depths } from '../maps/distance.js';
import { difference } from '../maps/labelmap.js';
import { REGION_MAX } from './noise.js';

/** More of them look no smoother (benchmarks/seams.py). */
const RINGS_MAX = 8;

/**
 * @typedef {object} RingMap  Where the rings of a region map are.
 * @property {Uint8Array} from  the region map
 * @property {string} key  what else it depends on
 * @property {Uint8Array} regions  the map with rings in it
 * @property {Map<number, number[]>} rings  the ids of a region's rings, from its edge inwards
 */

/** The last one: most edits change no region. @type {RingMap|null} */
let last = null;

/**
 * @param {{width: number, regions: Uint8Array, noise: Noise}} content  as in a document
 * @returns {{noise: object, regions: Uint8Array}} as models/noise.py knows it; the map is not to be written to
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
 * @param {number} [id]  of its ring
 * @param {number} [t]  how near that is to the noise of everything
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
    // In a region narrower than its edges its middle at least has its own noise.
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
