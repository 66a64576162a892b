/** Colors for classes that color-blind people can tell apart. */
/** @typedef {import('../../base/types.js').ClassInfo} ClassInfo */
import { hexToRgb } from '../../base/color.js';

/**
 * Dichromatic vision on linear RGB (Machado, Oliveira, Fernandes 2009, severity 1): no red, no green, no blue cones.
 */
const EYES = [
  [1, 0, 0, 0, 1, 0, 0, 0, 1],
  [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
];
const LEVELS = [20, 54, 88, 122, 156, 190, 224, 252];

/**
 * Chooses colors that are as far apart as possible for every kind of vision. Each class gets the one nearest to its
 * own.
 * @param {readonly ClassInfo[]} classes
 * @returns {string[]} '#rrggbb', in the order of `classes`
 */
export function safeColors(classes) {
  const grid = LEVELS.flatMap((red) => LEVELS.flatMap((green) => LEVELS.map((blue) => seen([red, green, blue]))));
  const apart = grid.map(() => Infinity);
  /** @type {Seen[]} */
  const chosen = [];
  // Start with yellow, then always add the color farthest from those already chosen.
  let next = grid.findIndex(({ hex }) => hex === '#fcfc14');
  while (chosen.length < classes.length) {
    const last = grid[next];
    chosen.push(last);
    grid.forEach((color, i) => (apart[i] = Math.min(apart[i], distance(color, last))));
    next = apart.indexOf(Math.max(...apart));
  }
  return classes.map(({ color }) => {
    const own = seen(hexToRgb(color));
    const gaps = chosen.map((each) => gap(each.views[0], own.views[0]));
    return chosen.splice(gaps.indexOf(Math.min(...gaps)), 1)[0].hex;
  });
}

/** @typedef {{hex: string, views: number[][]}} Seen  A color in OKLab, as seen with each kind of vision. */

/**
 * @param {number[]} rgb  0..255
 * @returns {Seen}
 */
function seen(rgb) {
  const linear = rgb.map((byte) => (byte <= 10 ? byte / 3294.6 : ((byte / 255 + 0.055) / 1.055) ** 2.4));
  const hex = `#${rgb.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  return { hex, views: EYES.map((eye) => oklab(times(eye, linear).map((share) => Math.min(1, Math.max(0, share))))) };
}

/**
 * @param {number[]} linear
 * @returns {number[]}
 */
function oklab(linear) {
  const cones = times([0.41222, 0.53633, 0.05145, 0.2119, 0.6807, 0.1074, 0.0883, 0.28172, 0.62998], linear).map(
    Math.cbrt,
  );
  return times([0.21045, 0.79362, -0.00407, 1.978, -2.42859, 0.45059, 0.0259, 0.78277, -0.80868], cones);
}

/**
 * @param {number[]} matrix  3 x 3
 * @param {number[]} vector
 */
const times = (matrix, [x, y, z]) =>
  [0, 3, 6].map((row) => matrix[row] * x + matrix[row + 1] * y + matrix[row + 2] * z);

/** @type {(a: number[], b: number[]) => number} */
const gap = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/**
 * @param {Seen} a
 * @param {Seen} b
 * @returns {number} the distance for the kind of vision that separates them least
 */
const distance = (a, b) => Math.min(...a.views.map((view, i) => gap(view, b.views[i])));
