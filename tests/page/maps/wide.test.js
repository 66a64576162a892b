/** Maps of 16 bits: every function handles ids above 255 like small ones. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { className, colorTable, translate } from '../../../frontend/static/js/maps/classes.js';
import { diff, flip, packDelta, unpackDelta } from '../../../frontend/static/js/maps/delta.js';
import { fillArea } from '../../../frontend/static/js/maps/fill.js';
import { connected, cut, difference, resizeNearest, tally } from '../../../frontend/static/js/maps/labelmap.js';
import { likelyClasses } from '../../../frontend/static/js/maps/likely.js';
import { morph } from '../../../frontend/static/js/maps/morph.js';
import { removeSpecks, smooth } from '../../../frontend/static/js/maps/tidy.js';
import { blobs, seeded } from '../random.js';

const [WIDTH, HEIGHT] = [40, 30];
/** Ids that a byte would take for each other: 256 more is the same in 8 bits. @type {(id: number) => number} */
const raised = (id) => (id ? 256 * id + 7 : 0);

/** @param {import('../../../frontend/static/js/base/types.js').Labels} map */
const wide = (map) => Uint16Array.from(map, raised);

test('functions that change a map handle all ids alike', async () => {
  const random = seeded(1);
  for (let run = 0; run < 5; run++) {
    const [map, other] = [blobs(random, WIDTH, HEIGHT), blobs(random, WIDTH, HEIGHT)];
    const all = () => true;
    assert.deepEqual(smooth(wide(map), WIDTH), wide(smooth(map, WIDTH)));
    assert.deepEqual(removeSpecks(wide(map), WIDTH, 12, all), wide(removeSpecks(map, WIDTH, 12, all)));
    assert.deepEqual(resizeNearest(wide(map), WIDTH, HEIGHT, 64, 32), wide(resizeNearest(map, WIDTH, HEIGHT, 64, 32)));
    const part = { left: 3, top: 4, width: 10, height: 11 };
    assert.deepEqual(cut(wide(map), WIDTH, part), wide(cut(map, WIDTH, part)));
    const [narrowWay, wideWay] = [await morph(map, other, WIDTH), await morph(wide(map), wide(other), WIDTH)];
    assert.deepEqual(wideWay(0.4), wide(narrowWay(0.4)));
  }
});

test('functions that read a map handle all ids alike', () => {
  const random = seeded(2);
  for (let run = 0; run < 5; run++) {
    const [map, other] = [blobs(random, WIDTH, HEIGHT), blobs(random, WIDTH, HEIGHT)];
    const at = random(map.length);
    const area = connected(map, WIDTH, at);
    assert.deepEqual(connected(wide(map), WIDTH, at), area);
    assert.deepEqual(fillArea(wide(map), WIDTH, at, 3), fillArea(map, WIDTH, at, 3));
    assert.deepEqual(difference(wide(map), wide(other), WIDTH), difference(map, other, WIDTH));
    assert.deepEqual(likelyClasses(wide(map), WIDTH, area), likelyClasses(map, WIDTH, area).map(raised));
    const counts = tally(wide(map));
    tally(map).forEach((count, id) => count && assert.equal(counts[raised(id)], count));
  }
});

test('deltas of 16 bits undo, redo and are stored', () => {
  const random = seeded(3);
  const [before, after] = [wide(blobs(random, WIDTH, HEIGHT)), wide(blobs(random, WIDTH, HEIGHT))];
  const delta = diff(before, after);
  assert(delta);
  const packed = packDelta(delta);
  assert.throws(() => unpackDelta(packed, before.length), RangeError);
  for (const each of [delta, unpackDelta(packed, before.length, true)]) {
    const map = before.slice();
    flip(map, each);
    assert.deepEqual(map, after);
    flip(map, each);
    assert.deepEqual(map, before);
  }
});

test('classes above 255 have names, colors and matches in other models', () => {
  const many = Array.from({ length: 300 }, (_, id) => ({ id, name: `class ${id}`, color: '#123456' }));
  const model = { classes: many, ignore_id: null };
  const few = { classes: [{ id: 3, name: 'class 299', color: '#000000' }], ignore_id: null };
  assert.equal(className(model, 299), 'class 299');
  assert.equal(colorTable(many)[299], '#123456');
  assert.deepEqual(translate(Uint16Array.of(299, 299), model, few).labels, Uint8Array.of(3, 3));
  assert.deepEqual(translate(Uint8Array.of(3, 3), few, model).labels, Uint16Array.of(299, 299));
});
