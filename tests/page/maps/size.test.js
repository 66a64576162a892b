import assert from 'node:assert/strict';
import test from 'node:test';
import { fits, sizeFor } from '../../../frontend/static/js/maps/size.js';
import { seeded } from '../random.js';

test('a map for a photo has its aspect ratio and about as many pixels as before', () => {
  const random = seeded(1);
  for (let run = 0; run < 300; run++) {
    const photo = { width: 1 + random(5000), height: 1 + random(5000) };
    const map = { width: 64 * (1 + random(8)), height: 64 * (1 + random(8)) };
    const stride = [1, 16, 32, 64][random(4)];
    const model = { stride, limits: { side: Math.floor(1000 / stride) * stride, channels: 64 } };
    const size = sizeFor(photo, map, model);
    assert(fits(model, size) && !fits(model, { ...size, width: model.limits.side + stride }));
    for (const side of [size.width, size.height]) {
      assert(side >= stride && side <= model.limits.side && side % stride === 0, `${side}`);
    }
    // By the exact sides, which rounding to the stride moves by half of it at most.
    const ratio = Math.min(4, Math.max(1 / 4, photo.width / photo.height));
    const height = Math.sqrt((map.width * map.height) / ratio);
    const scale = Math.min(1, model.limits.side / Math.max(height, height * ratio));
    for (const [side, exact] of [
      [size.width, scale * height * ratio],
      [size.height, scale * height],
    ]) {
      assert(Math.abs(side - Math.max(stride, exact)) <= stride / 2 + 1e-6, `${side} for ${exact}`);
    }
  }
});

test('a photo of the shape of the map changes nothing, and a long one is cut to 4 : 1', () => {
  const map = { width: 512, height: 256 };
  const model = { stride: 64, limits: { side: 1024, channels: 64 } };
  assert.deepEqual(sizeFor({ width: 4000, height: 2000 }, map, model), map);
  assert.deepEqual(sizeFor({ width: 9000, height: 10 }, { width: 256, height: 256 }, model), {
    width: 512,
    height: 128,
  });
});

test('a map or photo larger than the model allows keeps its aspect ratio', () => {
  const model = { stride: 32, limits: { side: 1024, channels: 64 } };
  const canvas = { width: 1024, height: 1024 };
  for (const [width, height, short] of [
    [2048, 1024, 512],
    [1920, 1080, 576],
    [1280, 720, 576],
    [1536, 1024, 672],
    [683, 512, 768],
    [3000, 1000, 352],
  ]) {
    const expected = { width: 1024, height: short };
    assert.deepEqual(sizeFor({ width, height }, canvas, model), expected);
    assert.deepEqual(sizeFor({ width: height, height: width }, canvas, model), { width: short, height: 1024 });
    if (width > 1024) assert.deepEqual(sizeFor({ width, height }, { width: 2 * width, height }, model), expected);
  }
});
