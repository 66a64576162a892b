import assert from 'node:assert/strict';
import test from 'node:test';
import { concat, pump } from '../../../frontend/static/js/base/bytes.js';
import { hexToRgb } from '../../../frontend/static/js/base/color.js';
import { UserError } from '../../../frontend/static/js/base/errors.js';
import { idsOfPalette, readLabels } from '../../../frontend/static/js/formats/labels.js';
import { chunk, decodePng, encodePng } from '../../../frontend/static/js/formats/png.js';

const COLORS = ['#000000', '#70b5f0', '#1e6e32'];
const MODEL = /** @type {import('../../../frontend/static/js/base/types.js').Model} */ ({
  name: 'Tiny',
  classes: COLORS.map((color, id) => ({ id, name: `class ${id}`, color })),
});
const LABELS = Uint8Array.of(0, 1, 2, 1, 1, 0);

/** @param {number[][]} pixels  one row of red, green and blue */
async function inColors(pixels) {
  const size = [0, 0, 0, pixels.length, 0, 0, 0, 1];
  return concat([
    Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
    chunk('IHDR', Uint8Array.of(...size, 8, 2, 0, 0, 0)),
    chunk('IDAT', await pump(Uint8Array.of(0, ...pixels.flat()), new CompressionStream('deflate'))),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

test('label maps are read by ids and by colors', async () => {
  for (const colors of [undefined, COLORS]) {
    const found = await readLabels(await encodePng(LABELS, 3, colors), MODEL);
    assert.deepEqual(found, { width: 3, height: 2, labels: LABELS });
  }
  const found = await readLabels(await inColors([...LABELS].map((id) => hexToRgb(COLORS[id]))), MODEL);
  assert.deepEqual(found, { width: 6, height: 1, labels: LABELS });
});

/** @type {(indices: Uint8Array, palette: string[]) => Promise<number[]>} */
const readPalette = async (indices, palette) => {
  const { ids } = await decodePng(await encodePng(indices, indices.length, palette));
  const table = Uint8Array.from(palette.flatMap((color) => hexToRgb(color)));
  return [...idsOfPalette(/** @type {Uint8Array} */ (ids), table, MODEL.classes)];
};

test('a palette of class colors in another order is read by its colors', async () => {
  const [none, sky, tree] = COLORS;
  assert.deepEqual(await readPalette(Uint8Array.of(0, 1, 2), COLORS), [0, 1, 2]);
  assert.deepEqual(await readPalette(Uint8Array.of(0, 1, 2), [tree, none, sky]), [2, 0, 1]);
  assert.deepEqual(await readPalette(Uint8Array.of(0, 1, 0), [tree, sky]), [2, 1, 2]);
  assert.deepEqual(await readPalette(Uint8Array.of(0, 0), [tree]), [2, 2], 'shortened to one color');
  assert.deepEqual(await readPalette(Uint8Array.of(0, 0), [tree, '#ffffff']), [0, 0], 'one color says little');
  assert.deepEqual(await readPalette(Uint8Array.of(0, 1, 2), [tree, sky, '#ffffff']), [0, 1, 2], 'another palette');
  assert.deepEqual(await readPalette(Uint8Array.of(0, 1, 2), [none, none, none]), [0, 1, 2], 'indices that look alike');
  assert.deepEqual(await readPalette(Uint8Array.of(0, 1, 2), [sky, none]), [0, 1, 2], 'an index beyond the palette');
  const colorless = /** @type {any} */ ([{ id: 0, name: 'none' }]);
  assert.deepEqual(idsOfPalette(Uint8Array.of(0, 1), Uint8Array.of(0, 0, 0, 1, 1, 1), colorless), Uint8Array.of(0, 1));
  const found = await readLabels(await encodePng(Uint8Array.of(0, 1, 2), 3, [tree, none, sky]), MODEL);
  assert.deepEqual(found.labels, Uint8Array.of(2, 0, 1));
});

test('ids and colors without a class are refused by name', async () => {
  const strange = readLabels(await encodePng(Uint8Array.of(0, 77), 2), MODEL);
  await assert.rejects(strange, UserError);
  await assert.rejects(strange, /id 77, which Tiny/);
  const mixed = readLabels(await inColors([[0, 0, 0], [1, 2, 3]]), MODEL); // prettier-ignore
  await assert.rejects(mixed, UserError);
  await assert.rejects(mixed, /rgb\(1,2,3\), which no class of Tiny/);
});
