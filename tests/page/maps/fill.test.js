import assert from 'node:assert/strict';
import test from 'node:test';
import { fillArea } from '../../../frontend/static/js/maps/fill.js';
import { blobs, seeded } from '../random.js';

/**
 * @param {Uint8Array} map
 * @param {number} width
 * @param {number} start
 * @returns {Uint8Array} 1 on the 4-connected area around a pixel, grown until it grows no more
 */
function component(map, width, start) {
  const area = new Uint8Array(map.length);
  area[start] = 1;
  for (let grown = true; grown;) {
    grown = false;
    for (let i = 0; i < map.length; i++) {
      if (area[i] || map[i] !== map[start]) continue;
      const x = i % width;
      if (!area[i - width] && !area[i + width] && !(x > 0 && area[i - 1]) && !(x < width - 1 && area[i + 1])) continue;
      area[i] = 1;
      grown = true;
    }
  }
  return area;
}

test('a fill without tolerance is the connected area', () => {
  const random = seeded(0);
  for (const start of [0, 20 * 56 + 30, 39 * 56 + 55, 5 * 56 + 50, ...Array.from({ length: 20 }, () => random(2240))]) {
    const labels = blobs(random, 56, 40);
    assert.deepEqual(fillArea(labels, 56, start, 0), component(labels, 56, start));
  }
});

for (const gap of [1, 5, 16]) {
  test(`a fill does not leak through gaps of ${gap} and reaches every corner`, () => {
    // A room with a door, and one with a door one pixel wider, through which it does leak.
    for (const [door, leaks] of /** @type {[number, boolean][]} */ ([
      [gap, false],
      [gap + 1, true],
    ])) {
      const labels = new Uint8Array(96 * 64);
      for (let y = 10; y < 50; y++) {
        for (let x = 8; x < 51; x++) if (y === 10 || y === 49 || x === 8 || x === 50) labels[96 * y + x] = 1;
      }
      for (let y = 20; y < 20 + door; y++) labels[96 * y + 50] = 0;
      const filled = fillArea(labels, 96, 30 * 96 + 20, gap);
      let outside = false;
      filled.forEach((inside, i) => {
        const [x, y] = [i % 96, Math.floor(i / 96)];
        if (labels[i]) assert.equal(inside, 0, `the wall at ${x}, ${y}`);
        if (x > 8 && x < 50 && y > 10 && y < 49) assert.equal(inside, 1, `the room at ${x}, ${y}`);
        outside ||= x >= 52 && inside === 1;
      });
      assert.equal(outside, leaks);
    }
  });
}

test('a fill reaches nooks and narrow places', () => {
  /** A funnel down to a point at the top. */
  const funnel = Uint8Array.from({ length: 1600 }, (_, i) => {
    const [x, y] = [i % 40, Math.floor(i / 40)];
    return y < 20 && (x < 20 - y || x >= 20 + y) ? 1 : 0;
  });
  const filled = fillArea(funnel, 40, 35 * 40 + 20, 4);
  for (let y = 12; y < 40; y++) assert.equal(filled[40 * y + 20], 1);
  assert(filled.every((inside, i) => !inside || !funnel[i]));

  const corridor = new Uint8Array(1600).fill(1).fill(0, 20 * 40 + 5, 20 * 40 + 35);
  const narrow = fillArea(corridor, 40, 20 * 40 + 10, 9);
  assert.deepEqual(
    narrow,
    corridor.map((id) => 1 - id),
    'narrower than the tolerance: filled all the same',
  );
});

test('a fill goes as far into a dead end as twice the square that fills the room', () => {
  const map = new Uint8Array(60 * 20).fill(1);
  for (let y = 2; y < 18; y++) map.fill(0, 60 * y + 2, 60 * y + 18);
  for (let y = 8; y < 11; y++) map.fill(0, 60 * y + 18, 60 * y + 50);
  const filled = fillArea(map, 60, 60 * 9 + 5, 4);
  map.forEach((id, i) => assert.equal(filled[i], Number(id === 0 && i % 60 < 18 + 10), `${i}`));
});
