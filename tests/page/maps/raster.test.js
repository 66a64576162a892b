import assert from 'node:assert/strict';
import test from 'node:test';
import { box, polygon } from '../../../frontend/static/js/maps/raster.js';
import { seeded } from '../random.js';
import { painted } from './painted.js';

test('outlines fill the area they enclose', () => {
  // By the winding number: where an outline crosses itself nothing is left out.
  const random = seeded(6);
  for (let run = 0; run < 30; run++) {
    const points = Array.from({ length: 7 }, () => ({ x: random(56000) / 1000 - 4, y: random(56000) / 1000 - 4 }));
    const inside = painted(48, 48, (span) => polygon(points, span));
    inside.forEach((found, i) => {
      const [x, y] = [(i % 48) + 0.5, Math.floor(i / 48) + 0.5];
      let turns = 0;
      points.forEach((a, k) => {
        const b = points[(k + 1) % points.length];
        if (a.y <= y === b.y <= y) return;
        if (a.x + ((y - a.y) * (b.x - a.x)) / (b.y - a.y) <= x) turns += b.y > a.y ? 1 : -1;
      });
      assert.equal(found, Number(turns !== 0), `${x}, ${y}`);
    });
  }
});

test('an outline of whole pixels is a box', () => {
  const corners = [
    { x: 3, y: 2 },
    { x: 9, y: 2 },
    { x: 9, y: 7 },
    { x: 3, y: 7 },
  ];
  const expected = painted(12, 12, (span) => box({ left: 3, top: 2, width: 6, height: 5 }, false, span));
  assert.equal(
    expected.reduce((sum, inside) => sum + inside, 0),
    30,
  );
  for (const points of [corners, corners.toReversed()]) {
    assert.deepEqual(
      painted(12, 12, (span) => polygon(points, span)),
      expected,
    );
  }
});

test('boxes and ellipses cover the centers inside them', () => {
  const random = seeded(4);
  for (let run = 0; run < 60; run++) {
    const [left, top, width, height] = [random(30) - 5, random(30) - 5, 1 + random(25), 1 + random(25)];
    for (const round of [false, true]) {
      painted(40, 40, (span) => box({ left, top, width, height }, round, span)).forEach((inside, i) => {
        const [x, y] = [(i % 40) + 0.5 - left, Math.floor(i / 40) + 0.5 - top];
        const far = (2 * x) / width - 1;
        const high = (2 * y) / height - 1;
        const within = round ? far * far + high * high <= 1 + 1e-6 : x > 0 && x < width && y > 0 && y < height;
        assert.equal(inside, Number(within));
      });
    }
  }
});
