import assert from 'node:assert/strict';
import test from 'node:test';
import { hexToRgb } from '../../../../frontend/static/js/base/color.js';
import { safeColors } from '../../../../frontend/static/js/panels/classes/safe-colors.js';

/** As colour-science simulates them: normal vision, and eyes without one of the cones. */
const EYES = [
  [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
]; // prettier-ignore
const LMS = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
];
const LAB = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
];

/** @type {(matrix: number[][], vector: number[]) => number[]} */
const times = (matrix, vector) => matrix.map((row) => row.reduce((sum, value, i) => sum + value * vector[i], 0));

test('color-blind safe colors differ for every kind of vision', () => {
  const hex = (/** @type {number} */ byte) => byte.toString(16).padStart(2, '0');
  const classes = Array.from({ length: 40 }, (_, id) => ({
    id,
    name: String(id),
    color: `#${hex(5 * id)}${hex(255 - 5 * id)}80`,
  }));
  const colors = safeColors(classes);
  assert.equal(new Set(colors).size, 40);
  const linear = colors.map((color) =>
    hexToRgb(color).map((byte) => {
      const share = byte / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    }),
  );
  for (const eye of EYES) {
    const seen = linear.map((color) => times(eye, color).map((share) => Math.min(1, Math.max(0, share))));
    const perceived = seen.map((color) => times(LAB, times(LMS, color).map(Math.cbrt)));
    perceived.forEach((one, i) => {
      // In OKLab, where 0.02 is just seen.
      for (const other of perceived.slice(0, i)) {
        assert(Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]) > 0.04);
      }
    });
  }
});
