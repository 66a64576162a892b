import assert from 'node:assert/strict';
import test from 'node:test';
import '../browser.js';
import { requireUnique } from '../../../frontend/static/js/page/actions.js';
import { TOOLS } from '../../../frontend/static/js/tools/tools.js';

test('two actions with the same id or default key are refused by name', () => {
  const [brush, eraser] = TOOLS;
  assert.throws(
    () => requireUnique([brush, eraser, { id: 'star', name: 'Star', key: 'B' }]),
    /'brush' and 'star'.* B:/,
  );
  assert.throws(() => requireUnique([brush, { id: 'brush', name: 'Star', key: 'S' }]), /'Brush' and 'Star'.*'brush'/);
});

test('several actions may have no key', () => {
  requireUnique([...TOOLS, { id: 'round', name: 'Round' }, { id: 'square', name: 'Square', key: '' }]);
});
