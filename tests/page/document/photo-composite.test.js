import assert from 'node:assert/strict';
import test from 'node:test';
import '../browser.js';
import { finisher } from '../../../frontend/static/js/document/photo-composite.js';

test('painted parts take half of the difference in color around them', () => {
  // Each on its own: what is edited elsewhere changes nothing here.
  const [width, height] = [120, 40];
  const picture = new ImageData(width, height);
  picture.data.forEach((_, i) => (picture.data[i] = (i / 4) % width < 60 ? 100 : 200));
  const fresh = new ImageData(width, height);
  fresh.data.fill(50);
  const found = new Uint8Array(width * height).fill(1);
  const labels = found.map((id, i) => (i % 60 > 25 && i % 60 < 35 && i > 15 * width && i < 25 * width ? 2 : id));
  const photo = { picture, labels: found, confidence: found, shown: true };
  const regions = new Uint8Array(labels.length);
  const finish = finisher({ photo, frozen: null, width, labels, regions, noise: { seed: 0, regions: [] } });
  const row = [...finish(fresh).data].filter((_, i) => i % 4 === 0).slice(20 * width, 21 * width);
  assert.equal(row[30], 75);
  assert.equal(row[90], 125);
  assert([...row.slice(0, 17), ...row.slice(43, 60)].every((value) => value === 100));
  assert([...row.slice(60, 77), ...row.slice(103)].every((value) => value === 200));
  for (let x = 16; x < 26; x++) assert(row[x + 1] <= row[x], 'the photo passes into the painted part');
});
