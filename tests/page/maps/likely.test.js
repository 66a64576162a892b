import assert from 'node:assert/strict';
import test from 'node:test';
import { likelyClasses } from '../../../frontend/static/js/maps/likely.js';
import { blobs, randomBytes, seeded } from '../random.js';

test('classes are ranked by shared border, then by size', () => {
  const random = seeded(1);
  for (let run = 0; run < 20; run++) {
    const labels = blobs(random, 16, 24, 6);
    const object = randomBytes(random, labels.length, 2);
    const [border, size] = [new Map(), new Map()];
    /** @type {(counts: Map<number, number>, id: number) => unknown} */
    const count = (counts, id) => counts.set(id, (counts.get(id) ?? 0) + 1);
    labels.forEach((id, i) => {
      count(size, id);
      if (object[i]) return;
      const [x, y] = [i % 16, Math.floor(i / 16)];
      if (x > 0 && object[i - 1]) count(border, id);
      if (x < 15 && object[i + 1]) count(border, id);
      if (y > 0 && object[i - 16]) count(border, id);
      if (y < 23 && object[i + 16]) count(border, id);
    });
    const likely = likelyClasses(labels, 16, object);
    assert.deepEqual(likely.toSorted(), [...size.keys()].toSorted());
    likely.slice(1).forEach((id, k) => {
      const before = likely[k];
      const gap = (border.get(before) ?? 0) - (border.get(id) ?? 0);
      assert(gap > 0 || (gap === 0 && size.get(before) >= size.get(id)), `${before} before ${id}`);
    });
  }
});
