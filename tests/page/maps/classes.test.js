import assert from 'node:assert/strict';
import test from 'node:test';
import { className, colorTable, translate } from '../../../frontend/static/js/maps/classes.js';

/** @param {string[]} names  after the one of id 0, which means unpainted */
const model = (names) => ({
  ignore_id: 0,
  classes: ['unlabeled', ...names].map((name, id) => ({ id, name, color: '#000000' })),
});

test('classes are matched by the words in their names', () => {
  // As data sets write them: with synonyms and with hyphens. What is not painted does not count.
  const from = model(['mountain, mount', 'sky-other', 'Field', 'body of water, sea', 'swimming pool']);
  const to = model(['hill', 'sky', 'field', 'sea', 'pool table']);
  const { labels, share, lost } = translate(Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5), from, to);
  assert.deepEqual([...labels], [0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 0]);
  assert.equal(share, 0.8);
  assert.deepEqual(lost, ['swimming pool']);
  assert.equal(translate(new Uint8Array(4), from, to).share, 0);
});

test('classes have names and colors by their ids', () => {
  const classes = [{ id: 7, name: 'sky', color: '#112233' }];
  assert.equal(className({ classes }, 7), 'sky');
  assert.equal(className({ classes }, 8), 'class 8');
  assert.equal(className(null, 8), 'class 8');
  const colors = colorTable(classes);
  assert.equal(colors.length, 256);
  assert.deepEqual([colors[6], colors[7]], ['#000000', '#112233']);
});
