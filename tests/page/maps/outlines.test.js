import assert from 'node:assert/strict';
import test from 'node:test';
import { outlines } from '../../../frontend/static/js/maps/outlines.js';
import { blobs, seeded } from '../random.js';

/**
 * @param {Uint8Array} map
 * @param {number} width
 * @param {number} id
 * @returns {Set<string>} every edge of a pixel of the region beside which there is none of it
 */
function edges(map, width, id) {
  const height = map.length / width;
  /** @type {(x: number, y: number) => boolean} */
  const inside = (x, y) => x >= 0 && y >= 0 && x < width && y < height && map[y * width + x] === id;
  const found = new Set();
  for (let y = 0; y <= height; y++) {
    for (let x = 0; x <= width; x++) {
      if (inside(x, y) !== inside(x, y - 1)) found.add(`${x} ${y} ${x + 1} ${y}`);
      if (inside(x, y) !== inside(x - 1, y)) found.add(`${x} ${y} ${x} ${y + 1}`);
    }
  }
  return found;
}

test('outlines are all edges between a region and the rest, each once', () => {
  const random = seeded(1);
  for (let run = 0; run < 10; run++) {
    const map = blobs(random, 24, 32, 5);
    // Regions that leave the border of the map free, too.
    if (run % 2) map.forEach((_, i) => (i % 24 < 3 || i < 48 || i > 700) && (map[i] = 0));
    const found = outlines(map, 24);
    assert.deepEqual(
      [...found.keys()].toSorted((a, b) => a - b),
      [...new Set(map)].filter(Boolean).toSorted((a, b) => a - b),
    );
    for (const [id, segments] of found) {
      /** @type {string[]} */
      const pixels = [];
      for (let i = 0; i < segments.length; i += 4) {
        const [x, y, toX, toY] = segments.slice(i, i + 4);
        assert((x === toX) !== (y === toY));
        for (let k = 0; k < toX - x; k++) pixels.push(`${x + k} ${y} ${x + k + 1} ${y}`);
        for (let k = 0; k < toY - y; k++) pixels.push(`${x} ${y + k} ${x} ${y + k + 1}`);
      }
      const expected = edges(map, 24, id);
      assert.equal(pixels.length, expected.size);
      assert.deepEqual(new Set(pixels), expected);
    }
  }
});

test('a box has four sides, and an empty map has no outline', () => {
  const map = new Uint8Array(100);
  for (let y = 2; y < 5; y++) map.fill(9, 10 * y + 3, 10 * y + 8);
  assert.equal(outlines(map, 10).get(9)?.length, 16);
  assert.equal(outlines(new Uint8Array(100), 10).size, 0);
});
