import assert from 'node:assert/strict';
import test from 'node:test';
import { cut, difference, resizeNearest, tally } from '../../../frontend/static/js/maps/labelmap.js';
import { randomBytes, seeded } from '../random.js';

test('resized maps take the pixel under each center', () => {
  const random = seeded(1);
  for (let run = 0; run < 30; run++) {
    const [width, height, wide, high] = [1 + random(20), 1 + random(20), 1 + random(40), 1 + random(40)];
    const map = randomBytes(random, width * height);
    const resized = resizeNearest(map, width, height, wide, high);
    assert.equal(resized.length, wide * high);
    resized.forEach((id, i) => {
      const x = Math.floor((((i % wide) + 0.5) / wide) * width);
      const y = Math.floor(((Math.floor(i / wide) + 0.5) / high) * height);
      assert.equal(id, map[y * width + x]);
    });
    const doubled = resizeNearest(map, width, height, 3 * width, 3 * height);
    assert.deepEqual(resizeNearest(doubled, 3 * width, 3 * height, width, height), map);
  }
});

test('a map of the same size is a copy', () => {
  const map = Uint8Array.of(1, 2, 3, 4);
  const same = resizeNearest(map, 2, 2, 2, 2);
  assert.deepEqual(same, map);
  assert.notEqual(same, map);
});

test('the difference is the smallest box around all that changed', () => {
  const random = seeded(2);
  for (let run = 0; run < 200; run++) {
    const [width, height] = [1 + random(12), 1 + random(12)];
    const before = randomBytes(random, width * height, 3);
    const now = before.slice();
    for (let k = random(4); k > 0; k--) now[random(now.length)] = random(3);
    const changed = [...now.keys()].filter((i) => now[i] !== before[i]);
    const box = difference(before, now, width);
    if (!changed.length) {
      assert.equal(box, null);
      continue;
    }
    const [xs, ys] = [changed.map((i) => i % width), changed.map((i) => Math.floor(i / width))];
    const [left, top] = [Math.min(...xs), Math.min(...ys)];
    assert.deepEqual(box, { left, top, width: Math.max(...xs) - left + 1, height: Math.max(...ys) - top + 1 });
    assert(box);
    const part = cut(now, width, box);
    part.forEach((id, i) => {
      const at = (box.top + Math.floor(i / box.width)) * width + box.left + (i % box.width);
      assert.equal(id, now[at]);
      before[at] = id;
    });
    assert.deepEqual(before, now, 'the part in its place makes one of the other');
  }
});

test('a tally counts each id', () => {
  const counts = tally(Uint8Array.of(0, 255, 3, 255));
  assert.equal(counts.length, 256);
  assert.deepEqual([counts[0], counts[1], counts[3], counts[255]], [1, 0, 1, 2]);
});
