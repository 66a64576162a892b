import assert from 'node:assert/strict';
import test from 'node:test';
import { nearestOutside } from '../../../frontend/static/js/maps/nearest.js';
import { seeded } from '../random.js';

/** @type {(a: number, b: number, width: number) => number} */
const squared = (a, b, width) =>
  ((a % width) - (b % width)) ** 2 + (Math.floor(a / width) - Math.floor(b / width)) ** 2;

test('a hole takes the nearest pixels', () => {
  const random = seeded(7);
  for (const holes of [1, 5, 40]) {
    const mask = Uint8Array.from({ length: 24 * 31 }, (_, i) => {
      const [x, y] = [i % 31, Math.floor(i / 31)];
      return x >= 2 && x < 29 && y >= 3 && y < 20 && random(100) >= holes ? 1 : 0;
    });
    const near = nearestOutside(mask, 31);
    const outside = [...mask.keys()].filter((i) => !mask[i]);
    near.forEach((found, i) => {
      assert.equal(mask[found], 0);
      assert.equal(squared(found, i, 31), Math.min(...outside.map((at) => squared(at, i, 31))));
    });
  }
});

test('a single pixel outside is nearest to all, in the corners too', () => {
  for (const at of [0, 9, 50, 59]) {
    const mask = new Uint8Array(60).fill(1);
    mask[at] = 0;
    assert(nearestOutside(mask, 10).every((found) => found === at));
  }
});

test('without an outside every pixel is its own nearest', () => {
  const near = nearestOutside(new Uint8Array(12).fill(1), 4);
  assert.deepEqual([...near], [...near.keys()]);
});
