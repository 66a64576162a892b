import assert from 'node:assert/strict';
import test from 'node:test';
import '../browser.js';
import { unpack, Wire } from '../../../frontend/static/js/server/wire.js';
import { randomBytes, seeded } from '../random.js';

Object.assign(globalThis, { location: { hostname: 'localhost' } });

/** The other side: it knows of the maps what frames told it. */
class Reader {
  width = 0;
  maps = { labels: new Uint8Array(0), regions: new Uint8Array(0) };

  /** @param {Uint8Array} frame */
  read(frame) {
    const end = 4 + new DataView(frame.buffer).getUint32(0);
    const header = JSON.parse(new TextDecoder().decode(frame.subarray(4, end)));
    if (header.size) {
      this.width = header.size.width;
      const length = header.size.width * header.size.height;
      this.maps = { labels: new Uint8Array(length), regions: new Uint8Array(length) };
    }
    let at = end;
    for (const name of /** @type {const} */ (['labels', 'regions'])) {
      const { left = 0, top = 0, width = 0, height = 0 } = header[name] ?? {};
      for (let y = top; y < top + height; y++, at += width) {
        this.maps[name].set(frame.subarray(at, at + width), y * this.width + left);
      }
    }
    assert.equal(at, frame.length);
    return header;
  }
}

test('frames of changes reconstruct the whole maps', () => {
  const random = seeded(1);
  const [wire, reader] = [new Wire(), new Reader()];
  let content = { model: 'a', noise: {}, width: 8, labels: new Uint8Array(48), regions: new Uint8Array(48) };
  for (let revision = 0; revision < 300; revision++) {
    const kind = random(12);
    const [width, height] = [4 + random(6), 4 + random(6)];
    if (kind === 0) {
      const [labels, regions] = [0, 1].map(() => randomBytes(random, width * height, 3));
      content = { ...content, width, labels, regions };
    } else if (kind === 1) content = { ...content, model: 'ab'[random(2)] };
    else if (kind === 2) wire.forget();
    else if (kind < 9) {
      const map = random(2) ? content.labels : content.regions;
      map[random(map.length)] = random(3);
    }
    content.noise = { seed: random(9) };
    const { noise, model, ...header } = reader.read(wire.pack(revision, content));
    assert.deepEqual([noise, model, header.revision], [content.noise, content.model, revision]);
    assert.equal(reader.width, content.width);
    assert.deepEqual(reader.maps, { labels: content.labels, regions: content.regions });
    if (kind === 2) assert(header.size, 'what the other side may not have is sent again');
  }
});

/** @type {(header: string, payload?: number[], length?: number) => ArrayBuffer} */
function answer(header, payload = [], length = header.length) {
  const bytes = new Uint8Array([0, 0, 0, length, ...new TextEncoder().encode(header), ...payload]);
  return bytes.buffer;
}

test('answers with raw pixels become pictures', async () => {
  const { revision, picture } = unpack(
    answer('{"revision":7,"format":"raw","size":{"width":2,"height":1}}', [1, 2, 3, 200, 255, 0]),
  );
  assert.equal(revision, 7);
  assert(picture);
  assert.deepEqual([...(await picture()).data], [1, 2, 3, 255, 200, 255, 0, 255]);
  const short = unpack(answer('{"revision":7,"format":"raw","size":{"width":2,"height":2}}', [1, 2, 3]));
  assert(short.picture);
  await assert.rejects(short.picture(), RangeError);
});

test('refusals are text, and unreadable answers are errors', () => {
  const refusal = { revision: 3, error: { code: 'busy', message: 'Later.' } };
  assert.deepEqual(unpack(JSON.stringify(refusal)), refusal);
  for (const data of ['', 'nothing', '{}', new ArrayBuffer(2), answer('{"revision":1}', [], 99), answer('{')]) {
    const { revision, error } = unpack(data);
    assert.equal(revision, null);
    assert.equal(error?.code, 'nonsense');
  }
});
