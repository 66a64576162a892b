import assert from 'node:assert/strict';
import test from 'node:test';
import { concat, crc32, pump } from '../../../frontend/static/js/base/bytes.js';
import { randomBytes, seeded } from '../random.js';

test('parts are joined in order', () => {
  assert.deepEqual(concat([]), new Uint8Array(0));
  assert.deepEqual(concat([Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)]), Uint8Array.of(1, 2, 3));
});

test('the checksum is that of PNG and zip', () => {
  const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
  assert.equal(crc32(bytes('')), 0);
  assert.equal(crc32(bytes('123456789')), 0xcbf43926); // the check value that catalogs of checksums give
  assert.equal(crc32(bytes('IEND')), 0xae426082); // the last bytes of every PNG
});

test('compressed data decompresses to the same, up to the limit', async () => {
  const random = seeded(1);
  for (const length of [0, 1, 70_000]) {
    for (const values of [1, 256]) {
      const data = randomBytes(random, length, values);
      const packed = await pump(data, new CompressionStream('deflate'));
      assert.deepEqual(await pump(packed, new DecompressionStream('deflate'), length), data);
      if (length) await assert.rejects(pump(packed, new DecompressionStream('deflate'), length - 1), RangeError);
      await assert.rejects(pump(packed.subarray(0, -1), new DecompressionStream('deflate')), Error);
    }
  }
});
