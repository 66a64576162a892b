import assert from 'node:assert/strict';
import test from 'node:test';
import { between, snap, sweep } from '../../../frontend/static/js/maps/sweep.js';
import { seeded } from '../random.js';
import { painted } from './painted.js';

const SAMPLES = 4000;

for (const square of [false, true]) {
  test(`a ${square ? 'square' : 'round'} brush covers what is near its way`, () => {
    const random = seeded(5);
    for (const size of [1, 2, 7, 12]) {
      const center = size % 2 ? 0.5 : 0;
      const [ax, ay, bx, by] = Array.from({ length: 4 }, () => random(48) + center);
      const covered = painted(48, 48, (span) => sweep({ x: ax, y: ay }, { x: bx, y: by }, size, square, span));
      covered.forEach((inside, i) => {
        const [x, y] = [(i % 48) + 0.5, Math.floor(i / 48) + 0.5];
        let least = Infinity;
        for (let k = 0; k <= SAMPLES; k++) {
          const dx = Math.abs(x - ax - ((bx - ax) * k) / SAMPLES);
          const dy = Math.abs(y - ay - ((by - ay) * k) / SAMPLES);
          least = Math.min(least, square ? Math.max(dx, dy) : dx * dx + dy * dy);
        }
        if (!square) least = Math.sqrt(least);
        // The way is sampled, so pixels on the rim stay open.
        if (Math.abs(least - size / 2) > 1e-3) assert.equal(inside, Number(least < size / 2), `${size}: ${x}, ${y}`);
      });
    }
  });
}

test('a dab has the same shape wherever it lands', () => {
  const random = seeded(1);
  for (const square of [false, true]) {
    for (const size of [1, 2, 3, 4, 9, 16]) {
      const shapes = Array.from({ length: 8 }, () => {
        const at = snap({ x: 20 + random(1000) / 100, y: 20 + random(1000) / 100 }, size);
        /** @type {string[]} */
        const rows = [];
        sweep(at, at, size, square, (y, from, to) => rows.push(`${y - at.y} ${from - at.x} ${to - at.x}`));
        return rows.join();
      });
      assert.equal(new Set(shapes).size, 1);
      assert.equal(shapes[0].split(',').length, size);
    }
  }
});

test('a stroke leaves no gaps and is the same both ways', () => {
  const random = seeded(2);
  for (let i = 0; i < 50; i++) {
    const size = 1 + random(9);
    const [a, b] = [0, 1].map(() => snap({ x: random(48), y: random(48) }, size));
    const way = painted(48, 48, (span) => sweep(a, b, size, false, span));
    assert.deepEqual(
      painted(48, 48, (span) => sweep(b, a, size, false, span)),
      way,
    );
    for (let y = 0; y < 48; y++) {
      const row = way.subarray(48 * y, 48 * y + 48);
      assert(!row.subarray(row.indexOf(1), row.lastIndexOf(1) + 1).includes(0), 'a row is one run');
    }
  }
});

test('pixels lie between two positions if their centers do', () => {
  const random = seeded(3);
  for (let i = 0; i < 200; i++) {
    const [left, right] = [random(200) / 10 - 5, random(200) / 10 - 5];
    /** @type {number[]} */
    const found = [];
    between((_, from, to) => Array.from({ length: to - from }, (_, k) => found.push(from + k)), 0, left, right);
    const all = Array.from({ length: 40 }, (_, k) => k - 10);
    assert.deepEqual(
      found,
      all.filter((x) => x + 0.5 >= left - 1e-9 && x + 0.5 <= right + 1e-9),
    );
  }
});
