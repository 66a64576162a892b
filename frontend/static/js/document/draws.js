/** Draws: noise vectors by their seeds. New ones, those near an old one, how they look and how they are copied. */
/** @typedef {import('../base/types.js').Draw} Draw */
import { UserError } from '../base/errors.js';
import { t } from '../base/i18n.js';
import { parseJson } from '../base/json.js';
import { parseSeed, randomSeed, SEED_MAX } from './noise.js';

export const CHANNELS = 64;
/** The server takes 64, and one makes a soft edge. */
const MOVES_MAX = 63;

/** @typedef {{strength: number, channels: readonly number[]|null}} How  share of the way, 0..1; null: all channels */

/**
 * New noise, or a variation of the old.
 * @param {Draw} old
 * @param {How} how
 * @returns {Draw} the last variation of the same channels is replaced
 * @throws {UserError} when it has too many of them or no channel may change
 */
export function reroll({ seed, blend = [] }, { strength, channels }) {
  if (strength === 1 && !channels) return { seed: randomSeed() };
  if (channels?.length === 0) throw new UserError(t('No noise channels are selected.'));
  const others = blend.filter((move) => String(move.channels ?? '') !== String(channels ?? ''));
  if (others.length >= MOVES_MAX)
    throw new UserError(t('This noise has too many variations: give it a new seed first.'));
  return { seed, blend: [...others, { seed: randomSeed(), t: strength, ...(channels && { channels }) }] };
}

/**
 * @template {Draw} T
 * @param {T} owner  of a draw
 * @param {Draw} draw
 * @returns {T} with that one
 */
export function withDraw(owner, { seed, blend }) {
  const { blend: _, plain: __, ...rest } = /** @type {Draw & {plain?: boolean}} */ (owner);
  return /** @type {T} */ (/** @type {unknown} */ ({ ...rest, seed, ...(blend?.length && { blend }) }));
}

/**
 * @param {Draw} draw
 * @returns {string} for people: '1234 + 30 %'
 */
export function drawName({ seed, blend = [] }) {
  const [first, ...more] = blend;
  if (!first) return String(seed);
  if (more.length) return t('{seed} + {n} variations', { seed, n: blend.length });
  const share = `${seed} + ${Math.round(100 * first.t)} %`;
  return first.channels ? t('{share} of {n} channels', { share, n: first.channels.length }) : share;
}

/**
 * @param {Draw} draw
 * @returns {string} to be copied
 */
export function drawText({ seed, blend }) {
  return blend?.length ? JSON.stringify({ seed, blend }) : String(seed);
}

/** @type {(value: unknown, most: number) => boolean} */
const whole = (value, most) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most;

/** @param {any} channels */
const areChannels = (channels = [0]) =>
  channels.length > 0 && channels.every((/** @type {unknown} */ i) => whole(i, CHANNELS - 1));

/**
 * @param {any} draw  from elsewhere
 * @returns {boolean} whether it is one; a region may be given, too
 */
export function isDraw(draw) {
  try {
    const { seed, blend = [], channels } = draw;
    /** @param {import('../base/types.js').Move} move */
    const good = ({ seed: to = 0, t: share, channels }) =>
      whole(to, SEED_MAX) && share >= 0 && share <= 1 && areChannels(channels);
    return whole(seed, SEED_MAX) && blend.every(good) && areChannels(channels);
  } catch {
    return false;
  }
}

/**
 * @param {string} text  a seed, or as `drawText` writes it
 * @returns {Draw}
 * @throws {UserError}
 */
export function parseDraw(text) {
  if (!text.trim().startsWith('{')) return { seed: parseSeed(text) };
  const draw = parseJson(text);
  if (isDraw(draw) && !(draw.blend?.length > MOVES_MAX)) return { seed: draw.seed, blend: draw.blend };
  throw new UserError(t('This is neither a seed nor copied noise.'));
}

/**
 * The colors of a draw: four of its seed, and from below those of what it moved toward, as far as it did.
 * @param {Draw} draw
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
