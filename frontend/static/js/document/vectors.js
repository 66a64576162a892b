/** Noise vectors: re-rolling, variations, their names, and copying them as text. */
/** @typedef {import('../base/types.js').NoiseVector} NoiseVector */
import { UserError } from '../base/errors.js';
import { t } from '../base/i18n.js';
import { parseJson } from '../base/json.js';
import { parseSeed, randomSeed, SEED_MAX } from './noise.js';

export const CHANNELS = 64;
/** The server takes 64, and a soft edge needs one of them. */
const BLENDS_MAX = 63;

/** @typedef {{strength: number, channels: readonly number[]|null}} RerollOptions  Strength: share of the way to the new vector, 0..1. Channels null: all. */

/**
 * Makes a new vector, or a variation of the old one.
 * @param {NoiseVector} old
 * @param {RerollOptions} options
 * @returns {NoiseVector} a variation replaces the last one of the same channels
 * @throws {UserError} if there are too many variations or no channel is selected
 */
export function reroll({ seed, blend = [] }, { strength, channels }) {
  if (strength === 1 && !channels) return { seed: randomSeed() };
  if (channels?.length === 0) throw new UserError(t('No noise channels are selected.'));
  const others = blend.filter((each) => String(each.channels ?? '') !== String(channels ?? ''));
  if (others.length >= BLENDS_MAX)
    throw new UserError(t('This noise has too many variations: give it a new seed first.'));
  return { seed, blend: [...others, { seed: randomSeed(), t: strength, ...(channels && { channels }) }] };
}

/**
 * Replaces the vector of the noise or of a region.
 * @template {NoiseVector} T
 * @param {T} owner  the noise or a region
 * @param {NoiseVector} vector
 * @returns {T} a copy of the owner with this vector
 */
export function withVector(owner, { seed, blend }) {
  const { blend: _, plain: __, ...rest } = /** @type {NoiseVector & {plain?: boolean}} */ (owner);
  return /** @type {T} */ (/** @type {unknown} */ ({ ...rest, seed, ...(blend?.length && { blend }) }));
}

/**
 * Names a vector.
 * @param {NoiseVector} vector
 * @returns {string} for display: '1234 + 30 %'
 */
export function vectorName({ seed, blend = [] }) {
  const [first, ...more] = blend;
  if (!first) return String(seed);
  if (more.length) return t('{seed} + {n} variations', { seed, n: blend.length });
  const share = `${seed} + ${Math.round(100 * first.t)} %`;
  return first.channels ? t('{share} of {n} channels', { share, n: first.channels.length }) : share;
}

/**
 * Writes a vector as text for the clipboard.
 * @param {NoiseVector} vector
 * @returns {string} its seed, or JSON if it is blended
 */
export function vectorText({ seed, blend }) {
  return blend?.length ? JSON.stringify({ seed, blend }) : String(seed);
}

/** @type {(value: unknown, most: number) => boolean} */
const whole = (value, most) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most;

/** @param {any} channels */
const areChannels = (channels = [0]) =>
  channels.length > 0 && channels.every((/** @type {unknown} */ i) => whole(i, CHANNELS - 1));

/**
 * Validates untrusted data.
 * @param {any} vector  or a region
 * @returns {boolean} whether it is a noise vector
 */
export function isVector(vector) {
  try {
    const { seed, blend = [], channels } = vector;
    /** @param {import('../base/types.js').Blend} blend */
    const good = ({ seed: to = 0, t: share, channels }) =>
      whole(to, SEED_MAX) && share >= 0 && share <= 1 && areChannels(channels);
    return whole(seed, SEED_MAX) && blend.every(good) && areChannels(channels);
  } catch {
    return false;
  }
}

/**
 * Reads a vector from text.
 * @param {string} text  a seed, or the output of `vectorText`
 * @returns {NoiseVector}
 * @throws {UserError} if it is neither
 */
export function parseVector(text) {
  if (!text.trim().startsWith('{')) return { seed: parseSeed(text) };
  const vector = parseJson(text);
  if (isVector(vector) && !(vector.blend?.length > BLENDS_MAX)) return { seed: vector.seed, blend: vector.blend };
  throw new UserError(t('This is neither a seed nor copied noise.'));
}

/**
 * Draws a vector as colors: four of its seed and, rising from below, those of the seeds it is blended with.
 * @param {NoiseVector} vector
 * @returns {string} CSS background
 */
export function swatch({ seed, blend = [] }) {
  const rises = blend.map(({ seed: to = 0, t: share }) => {
    return `linear-gradient(to top, ${color(to, 0)} ${50 * share}%, transparent 0)`;
  });
  const [a, b, c, d] = [0, 1, 2, 3].map((i) => color(seed, i));
  return [...rises.reverse(), `conic-gradient(${a} 25%, ${b} 0 50%, ${c} 0 75%, ${d} 0)`].join();
}

/**
 * @param {number} seed
 * @param {number} i  of its colors
 */
function color(seed, i) {
  const mixed = Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d + 2 * i);
  const hash = (mixed ^ (mixed >>> 13)) >>> 0;
  return `hsl(${hash % 360} 62% ${38 + ((hash >>> 9) % 5) * 9}%)`;
}
