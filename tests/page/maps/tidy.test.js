import assert from 'node:assert/strict';
import test from 'node:test';
import { connected } from '../../../frontend/static/js/maps/labelmap.js';
import { removeSpecks, smooth } from '../../../frontend/static/js/maps/tidy.js';
import { blobs, seeded } from '../random.js';

/**
 * @param {import('../../../frontend/static/js/base/types.js').Labels} map
 * @returns {Uint32Array} of each pixel the size of its 4-connected area
 */
function areas(map) {
  const sizes = new Uint32Array(map.length);
  for (let start = sizes.indexOf(0); start >= 0; start = sizes.indexOf(0, start)) {
    const area = connected(map, 56, start);
    const size = area.reduce((sum, inside) => sum + inside, 0);
    area.forEach((inside, i) => inside && (sizes[i] = size));
  }
  return sizes;
}

test('smoothing takes the majority class', () => {
  const random = seeded(8);
  for (let run = 0; run < 5; run++) {
    const labels = blobs(random, 56, 40);
    const before = labels.slice();
    smooth(labels, 56).forEach((id, i) => {
      const [x, y] = [i % 56, Math.floor(i / 56)];
      const votes = [0, 0, 0, 0];
      for (let row = Math.max(0, y - 2); row <= Math.min(39, y + 2); row++) {
        for (let column = Math.max(0, x - 2); column <= Math.min(55, x + 2); column++)
          votes[labels[56 * row + column]]++;
      }
      const most = Math.max(...votes);
      assert.equal(votes[id], most);
      if (votes[labels[i]] === most) assert.equal(id, labels[i], 'in doubt a pixel keeps its class');
    });
    assert.deepEqual(labels, before);
  }
});

test('specks are removed and nothing else changes', () => {
  const random = seeded(9);
  for (let run = 0; run < 5; run++) {
    const labels = blobs(random, 56, 40);
    const clean = removeSpecks(labels, 56, 12, (i) => i !== 777);
    const [before, after] = [areas(labels), areas(clean)];
    const fixed = connected(clean, 56, 777);
    labels.forEach((id, i) => {
      assert(after[i] >= 12 || fixed[i] === 1, 'no speck is left but the one that is not free');
      if (before[i] >= 12) assert.equal(clean[i], id);
    });
  }
});

test('a speck takes the class most frequent along its border', () => {
  const map = Uint8Array.from('1111 1131 2222'.replaceAll(' ', ''), Number);
  assert.equal(removeSpecks(map, 4, 2, () => true).join(''), '111111112222');
  const alone = new Uint8Array(4).fill(7);
  assert.deepEqual(
    removeSpecks(alone, 2, 9, () => true),
    alone,
    'a map of one class has no border',
  );
});

test('pixels that are not free keep their class', () => {
  const random = seeded(10);
  for (let run = 0; run < 5; run++) {
    const labels = blobs(random, 56, 40);
    const fixed = labels.map(() => Number(random(20) === 0));
    const clean = removeSpecks(labels, 56, 12, (i) => !fixed[i]);
    assert.notDeepEqual(clean, labels);
    labels.forEach((id, i) => fixed[i] && assert.equal(clean[i], id));
  }
});
