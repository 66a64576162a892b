import assert from 'node:assert/strict';
import test from 'node:test';
import { fuzzyScore } from '../../../frontend/static/js/page/fuzzy.js';

test('better fits score higher', () => {
  assert(fuzzyScore('re', 'Re-roll all') > fuzzyScore('re', 'Larger brush'));
  assert(fuzzyScore('ra', 'Re-roll all') > fuzzyScore('ra', 'Larger a'));
  assert.equal(fuzzyScore('xyz', 'Re-roll all'), 0);
  assert.equal(fuzzyScore('lla r', 'Re-roll all'), 0);
});
