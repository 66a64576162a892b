import assert from 'node:assert/strict';
import test from 'node:test';
import { fit } from '../../../frontend/static/js/page/fuzzy.js';

test('better fits score higher', () => {
  assert(fit('re', 'Re-roll all') > fit('re', 'Larger brush'));
  assert(fit('ra', 'Re-roll all') > fit('ra', 'Larger a'));
  assert.equal(fit('xyz', 'Re-roll all'), 0);
  assert.equal(fit('lla r', 'Re-roll all'), 0);
});
