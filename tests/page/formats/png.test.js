import assert from 'node:assert/strict';
import test from 'node:test';
import { concat, pump } from '../../../frontend/static/js/base/bytes.js';
import { hexToRgb } from '../../../frontend/static/js/base/color.js';
import { UserError } from '../../../frontend/static/js/base/errors.js';
import { chunk, decodePng, encodePng } from '../../../frontend/static/js/formats/png.js';
import { randomBytes, seeded } from '../random.js';

const SIGNATURE = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
const deflated = (/** @type {Uint8Array} */ data) => pump(data, new CompressionStream('deflate'));

/**
 * @param {number} width
 * @param {number} height
 * @param {number[]} rest  depth, color type, compression, filter, interlacing
 */
function header(width, height, rest = [8, 0, 0, 0, 0]) {
  const body = new Uint8Array(13);
  new DataView(body.buffer).setUint32(0, width);
  new DataView(body.buffer).setUint32(4, height);
  body.set(rest, 8);
  return chunk('IHDR', body);
}

/** @param {...Uint8Array} chunks */
const file = (...chunks) => concat([SIGNATURE, ...chunks, chunk('IEND', new Uint8Array(0))]);

/** @type {(file: Uint8Array, message: RegExp) => Promise<void>} */
async function refused(file, message) {
  await assert.rejects(decodePng(file), (/** @type {unknown} */ error) => {
    assert(error instanceof UserError);
    assert(message.test(error.message), error.message);
    return true;
  });
}

test('written PNGs read back, gray or with a palette', async () => {
  const random = seeded(1);
  const colors = Array.from({ length: 7 }, (_, i) => `#0${i}a${i}b${i}`);
  for (const [width, height] of [
    [1, 1],
    [200, 3],
    [64, 64],
    [5, 31],
  ]) {
    // prettier-ignore
    const ids = randomBytes(random, width * height);
    for (const palette of [undefined, colors]) {
      const { rgb, palette: table, ...found } = await decodePng(await encodePng(ids, width, palette));
      assert.deepEqual(found, { width, height, ids });
      assert.equal(rgb, null);
      assert.deepEqual(table && hexToRgb(colors[1]), table && [...table.subarray(3, 6)]);
      assert.equal(table !== null, palette !== undefined);
    }
  }
});

test('ids of 16 bits are written and read unchanged, without a palette', async () => {
  const ids = Uint16Array.of(0, 1, 255, 256, 299, 65535);
  for (const palette of [undefined, ['#000000', '#ffffff']]) {
    assert.deepEqual(await decodePng(await encodePng(ids, 3, palette)), {
      width: 3,
      height: 2,
      ids,
      rgb: null,
      palette: null,
    });
  }
});

/** @type {(i: number, channels: number) => boolean} whether sample `i` is of the alpha channel */
const opaque = (i, channels) => channels % 2 === 0 && i % channels === channels - 1;

test('rows of every filter and color type are read', async () => {
  const random = seeded(2);
  for (const [type, channels] of [
    [0, 1],
    [3, 1],
    [4, 2],
    [2, 3],
    [6, 4],
  ]) {
    // prettier-ignore
    const [width, height] = [5, 12];
    const stride = channels * width;
    const samples = randomBytes(random, stride * height).map((each, i) => (opaque(i, channels) ? 255 : each));
    /** @type {(x: number, y: number) => number} */
    const at = (x, y) => (x < 0 || y < 0 ? 0 : samples[y * stride + x]);
    const rows = new Uint8Array((stride + 1) * height);
    for (let y = 0; y < height; y++) {
      const filter = y % 5;
      rows[y * (stride + 1)] = filter;
      for (let x = 0; x < stride; x++) {
        const [left, up, corner] = [at(x - channels, y), at(x, y - 1), at(x - channels, y - 1)];
        const near = [left, up, corner].toSorted(
          (a, b) => Math.abs(left + up - corner - a) - Math.abs(left + up - corner - b),
        );
        const guess = [0, left, up, Math.floor((left + up) / 2), near[0]][filter];
        rows[y * (stride + 1) + 1 + x] = at(x, y) - guess;
      }
    }
    const { ids, rgb } = await decodePng(
      file(header(width, height, [8, type, 0, 0, 0]), chunk('IDAT', await deflated(rows))),
    );
    const expected = samples.filter((_, i) => !opaque(i, channels));
    assert.deepEqual(ids ?? rgb, expected);
    assert.equal(ids === null, channels > 2);
  }
});

test('pixels may be split into many chunks, with unknown chunks between them', async () => {
  const ids = randomBytes(seeded(3), 64);
  const rows = concat(Array.from({ length: 8 }, (_, y) => concat([Uint8Array.of(0), ids.subarray(8 * y, 8 * y + 8)])));
  const data = await deflated(rows);
  const parts = [data.subarray(0, 3), new Uint8Array(0), data.subarray(3)].map((part) => chunk('IDAT', part));
  const found = await decodePng(file(header(8, 8), chunk('tEXt', Uint8Array.of(1, 2)), ...parts));
  assert.deepEqual(found.ids, ids);
});

test('invalid label maps are refused with a reason', async () => {
  const data = chunk('IDAT', await deflated(new Uint8Array(6)));
  const good = file(header(2, 2), data);
  assert.deepEqual((await decodePng(good)).ids, new Uint8Array(4));
  await refused(new Uint8Array(0), /must be a PNG/);
  await refused(Uint8Array.of(255, 216, 255), /must be a PNG/);
  await refused(good.subarray(0, -20), /truncated/);
  await refused(good.with(24, 7), /checksum/);
  await refused(file(data), /no header/);
  await refused(file(chunk('IHDR', new Uint8Array(12)), data), /no header/);
  await refused(file(header(0, 2), data), /header is invalid/);
  await refused(file(header(2, 2, [8, 5, 0, 0, 0]), data), /header is invalid/);
  await refused(file(header(5000, 2), data), /5000 × 2 pixels; the limit is 4096/);
  await refused(file(header(2, 2, [16, 2, 0, 0, 0]), data), /16 bits/);
  await refused(file(header(2, 2, [4, 2, 0, 0, 0]), data), /bit depth/);
  await refused(file(header(2, 3), data), /wrong number of pixels/);
  await refused(file(header(2, 1), data), /cannot be decompressed/);
  await refused(file(header(2, 2), chunk('IDAT', await deflated(new Uint8Array(10 ** 7)))), /cannot be decompressed/);
  await refused(file(header(2, 2), chunk('IDAT', Uint8Array.of(1, 2, 3))), /cannot be decompressed/);
  await refused(file(header(2, 2), chunk('IDAT', await deflated(Uint8Array.of(9, 0, 0, 0, 0, 0)))), /row filter/);
});

test('every flipped bit is detected', async () => {
  const random = seeded(4);
  const good = await encodePng(randomBytes(random, 900), 30);
  for (let i = 0; i < good.length; i++) await refused(good.with(i, good[i] ^ (1 << random(8))), /PNG/);
});
