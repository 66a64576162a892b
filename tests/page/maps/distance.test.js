import assert from 'node:assert/strict';
import test from 'node:test';
import { depths } from '../../../frontend/static/js/maps/distance.js';
import { seeded } from '../random.js';

test('depths are chamfer distances to the nearest 0', () => {
  const random = seeded(1);
  for (let run = 0; run < 20; run++) {
    const [width, height] = [1 + random(20), 1 + random(20)];
    const map = Uint8Array.from({ length: width * height }, () => (random(30) ? 1 + random(255) : 0));
    const outside = [...map.keys()].filter((i) => !map[i]);
    depths(map, width).forEach((depth, i) => {
      const steps = outside.map((at) => {
        const [dx, dy] = [
          Math.abs((i % width) - (at % width)),
          Math.abs(Math.floor(i / width) - Math.floor(at / width)),
        ];
        return Math.max(dx, dy) - Math.min(dx, dy) + 1.4 * Math.min(dx, dy);
      });
      const least = Math.min(...steps);
      assert(depth === least || Math.abs(depth - least) < 1e-4, `${depth} and not ${least}`);
    });
  }
});

test('the border of the map is not an edge', () => {
  assert(depths(new Uint8Array(12).fill(1), 4).every((depth) => depth === Infinity));
});
