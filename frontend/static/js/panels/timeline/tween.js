/** Interpolates between two key frames: labels by shape, noise along the sphere. */
/** @typedef {import('../../base/types.js').NoiseVector} NoiseVector */
/** @typedef {import('../../base/types.js').Blend} Blend */
/** @typedef {import('../../base/types.js').NoiseRegion} NoiseRegion */
import { REGION_MAX } from '../../document/noise.js';
import { morph } from '../../maps/morph.js';

/** @typedef {import('../../base/types.js').Content} Content */

/** @type {(one: Blend|undefined, other: Blend|undefined) => boolean} */
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** @type {(blends: Blend[], share: number) => Blend[]} */
const faded = (blends, share) => blends.map((one) => ({ ...one, t: share * one.t }));

/**
 * Interpolates two noise vectors: along the shortest path if one of them is a plain seed, or if only their seeds
 * differ. Otherwise the blends of one fade out while those of the other fade in, which is continuous but not the
 * shortest path.
 * @param {NoiseVector} from
 * @param {NoiseVector} to
 * @param {number} t  0..1; exactly the two vectors at the ends
 * @returns {NoiseVector}
 */
export function interpolate({ seed, blend: first = [] }, { seed: aim, blend: second = [] }, t) {
  const [before, after] = [[...first], [...second]];
  /** @type {Blend[]} */
  const last = [];
  while (before.length && same(before.at(-1), after.at(-1))) {
    last.unshift(...before.splice(-1));
    after.pop();
  }
  if (seed === aim) {
    const common = before.splice(0, before.findIndex((one, i) => !same(one, after[i])) >>> 0);
    const own = after.slice(common.length);
    return { seed, blend: [...common, ...faded(before, 1 - t), ...faded(own, t), ...last] };
  }
  if (after.length && !before.length) return { seed: aim, blend: [...after, { seed, t: 1 - t }, ...last] };
  return { seed, blend: [...before, { seed: aim, t }, ...faded(after, t), ...last] };
}

/**
 * Prepares the interpolation of two contents.
 * @param {Content} from  with the noise as sent to the server
 * @param {Content} to  of the same size
 * @returns {Promise<(t: number) => Content>} the content at a share 0..1 of the way; exactly the two at its ends
 */
export async function tween(from, to) {
  const { width } = from;
  const labels = await morph(from.labels, to.labels, width);
  /** Every pair of overlapping regions becomes one region, which changes from the noise of one to that of the other. */
  const pairs = new Map([[0, 0]]);
  const regions = from.regions.map((id, i) => {
    const pair = (id << 8) | to.regions[i];
    if (!pairs.has(pair)) pairs.set(pair, pairs.size);
    return pairs.get(pair) ?? 0;
  });
  const ways = [...pairs].slice(1).map(([pair, id]) => {
    const one = from.noise.regions.find((each) => each.id === pair >> 8);
    const other = to.noise.regions.find((each) => each.id === (pair & 255));
    return { id, one, other };
  });

  return (t) => {
    if (t <= 0) return from;
    if (t >= 1) return to;
    const near = t < 0.5 ? from : to;
    const noise = interpolate(from.noise, to.noise, t);
    // More pairs than ids: the regions switch halfway.
    if (ways.length > REGION_MAX)
      return { width, labels: labels(t), regions: near.regions, noise: { ...noise, regions: near.noise.regions } };
    const moved = ways.map(({ id, one, other }) => {
      const own = /** @type {NoiseRegion} */ ((near === from && one) || other || one);
      // Without a region on the other side: from or to the global noise.
      const vector =
        one && other ? interpolate(one, other, t) : { ...own, blend: [...(own.blend ?? []), { t: one ? t : 1 - t }] };
      return { ...vector, id, classId: null, channels: own.channels };
    });
    return { width, labels: labels(t), regions, noise: { ...noise, regions: moved } };
  };
}

/**
 * Takes only the noise of one region from a content.
 * @param {Content} content  the source
 * @param {Content} first  everything else
 * @param {number} id  of a region in `first`
 * @returns {Content}
 */
export function onlyRegion(content, first, id) {
  const own = content.noise.regions.find((region) => region.id === id);
  const regions = first.noise.regions.map((region) => {
    if (region.id !== id) return region;
    const { seed, blend, channels } = own ?? { ...region, blend: [...(region.blend ?? []), { t: 1 }] };
    return { ...region, seed, blend, channels };
  });
  return { ...first, noise: { ...first.noise, regions } };
}
