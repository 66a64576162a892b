/** What pictures are made of between two key frames: labels by shape, every noise vector along the sphere. */
/** @typedef {import('../types.js').Draw} Draw */
/** @typedef {import('../types.js').Move} Move */
/** @typedef {import('../types.js').Noise} Noise */
/** @typedef {import('../types.js').NoiseRegion} NoiseRegion */
import { morph } from './morph.js';

/** @typedef {{width: number, labels: Uint8Array, regions: Uint8Array, noise: Noise}} Content */

const REGION_MAX = 255;

/**
 * Between two draws: the shortest way over the sphere if one of them is a plain seed, or if they have all but their
 * seeds in common. Else one recipe of moves fades out or is left behind as the other fades in; steady, not the shortest.
 * @param {Draw} from
 * @param {Draw} to
 * @param {number} t  0..1: exactly the two at the ends
 * @returns {Draw}
 */
export function move(from, to, t) {
  const [before, after] = [[...(from.blend ?? [])], [...(to.blend ?? [])]];
  /** @type {Move[]} */
  const last = [];
  while (before.length && same(before.at(-1), after.at(-1))) {
    last.unshift(...before.splice(-1));
    after.pop();
  }
  if (from.seed === to.seed) {
    const first = before.splice(0, before.findIndex((one, i) => !same(one, after[i])) >>> 0);
    after.splice(0, first.length);
    return { seed: from.seed, blend: [...first, ...faded(before, 1 - t), ...faded(after, t), ...last] };
  }
  if (after.length && !before.length) return { seed: to.seed, blend: [...after, { seed: from.seed, t: 1 - t }, ...last] };
  return { seed: from.seed, blend: [...before, { seed: to.seed, t }, ...faded(after, t), ...last] };
}

/** @type {(one: Move|undefined, other: Move|undefined) => boolean} */
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** @type {(moves: Move[], share: number) => Move[]} */
const faded = (moves, share) => moves.map((one) => ({ ...one, t: share * one.t }));

/**
 * @param {NoiseRegion|undefined} from  none: the noise of everything
 * @param {NoiseRegion|undefined} to
 * @param {number} t
 * @returns {Draw & {channels?: readonly number[]}}
 */
function moveRegion(from, to, t) {
  const [own, gone] = from ? [from, t] : [/** @type {NoiseRegion} */ (to), 1 - t];
  const { seed, blend } = from && to ? move(from, to, t) : { seed: own.seed, blend: [...(own.blend ?? []), { t: gone }] };
  return { seed, blend, channels: (from && to && t >= 0.5 ? to : own).channels };
}

/**
 * @param {Content} from  as the server is told it: without soft edges
 * @param {Content} to  of the same size
 * @returns {Promise<(t: number) => Content>} at a share 0..1 of the way; exactly the two at its ends
 */
export async function tween(from, to) {
  const { width } = from;
  const labels = await morph(from.labels, to.labels, width);
  // Where two regions meet, their noise moves from one to the other: each pair is a region on the way.
  /** @type {Map<number, number>} */
  const pairs = new Map([[0, 0]]);
  const regions = from.regions.map((id, i) => {
    const pair = (id << 8) | to.regions[i];
    const known = pairs.get(pair) ?? pairs.size;
    pairs.set(pair, known);
    return known;
  });
  pairs.delete(0);

  return (t) => {
    if (t <= 0) return from;
    if (t >= 1) return to;
    const near = t < 0.5 ? from : to;
    /** @type {(noise: Noise, id: number) => NoiseRegion|undefined} */
    const region = (noise, id) => noise.regions.find((one) => one.id === id);
    const moved = [...pairs].map(([pair, id]) => {
      const way = moveRegion(region(from.noise, pair >> 8), region(to.noise, pair & 255), t);
      return { id, classId: null, ...way };
    });
    // More pairs than there are ids: the regions change at once, halfway.
    const many = pairs.size > REGION_MAX;
    return {
      width,
      labels: labels(t),
      regions: many ? near.regions : regions,
      noise: { ...move(from.noise, to.noise, t), regions: many ? near.noise.regions : moved },
    };
  };
}

/**
 * @param {Content} content  of a key frame, from which only the noise of a region is taken ...
 * @param {Content} first  ... into this one
 * @param {number} id  of the region, which `first` has
 * @returns {Content}
 */
export function onlyRegion(content, first, id) {
  const own = content.noise.regions.find((region) => region.id === id);
  const regions = first.noise.regions.map((region) => {
    if (region.id !== id) return region;
    if (own) return { ...region, seed: own.seed, blend: own.blend, channels: own.channels };
    return { ...region, blend: [...(region.blend ?? []), { t: 1 }] };
  });
  return { ...first, noise: { ...first.noise, regions } };
}
