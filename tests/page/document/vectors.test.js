import assert from 'node:assert/strict';
import test from 'node:test';
import { UserError } from '../../../frontend/static/js/base/errors.js';
import {
  vectorText,
  isVector,
  parseVector,
  reroll,
  swatch,
  withVector,
} from '../../../frontend/static/js/document/vectors.js';
import {
  newRegion,
  parseSeed,
  REGION_MAX,
  SEED_MAX,
  withoutEmpty,
} from '../../../frontend/static/js/document/noise.js';
import { seeded } from '../random.js';

/** @typedef {import('../../../frontend/static/js/base/types.js').NoiseVector} NoiseVector */

test('a vector is copied and pasted as it is', () => {
  const random = seeded(1);
  for (let run = 0; run < 200; run++) {
    const blend = Array.from({ length: random(4) }, () => ({
      ...(random(2) && { seed: random(1 << 24) }),
      t: random(101) / 100,
      ...(random(2) && { channels: [random(64), random(64)] }),
    }));
    const vector = { seed: random(1 << 24), ...(blend.length && { blend }) };
    const { seed, blend: found = [] } = parseVector(` ${vectorText(vector)}\n`);
    assert.deepEqual({ seed, blend: found }, { seed: vector.seed, blend });
    assert.equal(swatch({ seed, blend: found }), swatch(vector));
  }
});

test('anything that is not a vector is refused', () => {
  for (const text of ['tree', '-1', '1.5', String(SEED_MAX + 1), '12345678901', '']) {
    assert.throws(() => parseVector(text), UserError);
  }
  assert.equal(parseSeed(` ${SEED_MAX} `), SEED_MAX);
  for (const vector of [
    null,
    { seed: -1 },
    { seed: 1.5 },
    { seed: '1' },
    { seed: 1, blend: 3 },
    { seed: 1, blend: [{ t: 2 }] },
    { seed: 1, blend: [{ seed: SEED_MAX + 1, t: 1 }] },
    { seed: 1, blend: [{ t: 1, channels: [64] }] },
    { seed: 1, blend: [{ t: 1, channels: [] }] },
    { seed: 1, channels: [0.5] },
  ]) {
    assert(!isVector(vector), JSON.stringify(vector));
    if (vector && !('channels' in vector)) assert.throws(() => parseVector(JSON.stringify(vector)), UserError);
  }
  const varied = (/** @type {number} */ n) => JSON.stringify({ seed: 1, blend: Array(n).fill({ t: 1 }) });
  assert.equal(parseVector(varied(63)).blend?.length, 63);
  assert.throws(() => parseVector(varied(64)), UserError);
});

test('a variation replaces the last one of the same channels and keeps the others', () => {
  /** @type {NoiseVector} */
  let vector = { seed: 5 };
  vector = reroll(vector, { strength: 0.3, channels: null });
  vector = reroll(vector, { strength: 0.6, channels: [1, 2] });
  vector = reroll(vector, { strength: 0.2, channels: null });
  assert.equal(vector.seed, 5);
  assert.deepEqual(
    vector.blend?.map(({ t, channels }) => [t, channels]),
    [
      [0.6, [1, 2]],
      [0.2, undefined],
    ],
  );
  assert(isVector(vector));
  assert.deepEqual(Object.keys(reroll(vector, { strength: 1, channels: null })), ['seed'], 'all of it: a new seed');
  assert.throws(() => reroll(vector, { strength: 1, channels: [] }), UserError);
  const full = { seed: 1, blend: Array.from({ length: 63 }, (_, i) => ({ t: 1, channels: [i] })) };
  assert.throws(() => reroll(full, { strength: 0.5, channels: [63] }), UserError);
  assert.equal(reroll(full, { strength: 0.5, channels: [7] }).blend?.length, 63);
});

test('a region takes a vector and keeps its other properties', () => {
  const region = { id: 3, classId: 2, name: 'Lake', seed: 1, blend: [{ t: 0.5 }], plain: true };
  assert.deepEqual(withVector(region, { seed: 9 }), { id: 3, classId: 2, name: 'Lake', seed: 9 });
});

test('regions get the lowest free id until all are taken, and are removed with their last pixel', () => {
  const regions = [1, 2, 4].map((id) => ({ id, seed: id, classId: null }));
  assert.equal(newRegion({ seed: 0, regions }, null).id, 3);
  const all = Array.from({ length: REGION_MAX }, (_, i) => ({ id: i + 1, seed: i, classId: null }));
  assert.throws(() => newRegion({ seed: 0, regions: all }, null), UserError);
  const noise = { seed: 0, regions };
  assert.equal(withoutEmpty(noise, Uint8Array.of(4, 2, 1)), noise);
  assert.deepEqual(withoutEmpty(noise, Uint8Array.of(0, 4, 0)).regions, [regions[2]]);
});
