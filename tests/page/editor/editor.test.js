import assert from 'node:assert/strict';
import test from 'node:test';
import { MODEL } from '../browser.js';
import { UserError } from '../../../frontend/static/js/base/errors.js';
import { newRegion } from '../../../frontend/static/js/document/noise.js';
import { Editor } from '../../../frontend/static/js/editor/editor.js';
import { selected } from '../../../frontend/static/js/editor/pen.js';
import { applyPlan, planAll, planVector } from '../../../frontend/static/js/editor/reroll.js';
import { INITIAL_STATE } from '../../../frontend/static/js/editor/state.js';
import { resize } from '../../../frontend/static/js/editor/steps.js';
import { beginWork, switchModel } from '../../../frontend/static/js/editor/works.js';

test('a re-roll that waited is refused if its region or its document is gone', async () => {
  const editor = new Editor(() => {});
  beginWork(editor, MODEL, null);
  editor.openStroke('Brush');
  const region = newRegion(editor.doc.noise, null);
  editor.doc.noise = { ...editor.doc.noise, regions: [region] };
  editor.doc.regions.fill(region.id, 0, 100);
  editor.strokeChanged();
  editor.closeStroke();
  const { seed } = editor.doc.noise;
  /** @param {() => void} change  while the pixels to keep are waited for */
  const meanwhile = (change) => {
    let waited = false;
    editor.painting.settled = async () => {
      change();
      waited = true;
      return editor.state;
    };
    return () => waited;
  };

  let waited = meanwhile(() => editor.undo());
  await assert.rejects(
    applyPlan(editor, () => planVector(editor, region.id)),
    new UserError('That noise region no longer exists.'),
  );
  assert(waited());
  assert.equal(editor.doc.noise.seed, seed);

  editor.redo();
  waited = meanwhile(() => beginWork(editor, MODEL, null));
  await applyPlan(editor, () => planVector(editor, editor.doc.regions[0]));
  assert(waited());
  assert(!editor.hasWork);
});

test('an invalid size is refused with the reason', () => {
  const editor = new Editor(() => {});
  beginWork(editor, MODEL, null);
  for (const [width, height] of [
    [100, 64],
    [64, 0],
    [64, 1056],
  ]) {
    assert.throws(() => resize(editor, width, height), new UserError('Sides must be multiples of 32, at most 1024.'));
  }
  resize(editor, 96, 1024);
  assert.deepEqual([editor.doc.width, editor.doc.height], [96, 1024]);
});

test('a selection of a map of another size selects nothing', () => {
  const selection = { mask: new Uint8Array(32), path: new Path2D(), width: 8 };
  const state = { ...INITIAL_STATE, marks: { ...INITIAL_STATE.marks, selection } };
  const { doc } = new Editor(() => {});
  doc.labels = new Uint8Array(32);
  doc.width = 8;
  assert.equal(selected({ doc, state }), selection.mask);
  doc.width = 4;
  assert.equal(selected({ doc, state }), null);
  doc.width = 8;
  doc.labels = new Uint8Array(40);
  assert.equal(selected({ doc, state }), null);
});

test('another model takes over what was painted, and not a scene that was only re-rolled', async () => {
  const other = { ...MODEL, id: 'other' };
  const editor = new Editor(() => {});
  beginWork(editor, MODEL, { labels: new Uint8Array(64 * 64).fill(1), seed: 3 });
  await applyPlan(editor, () => planAll(editor));
  assert(!switchModel(editor, other));
  assert.equal(editor.state.model, MODEL);

  editor.edit('Paint', () => editor.doc.labels.fill(2, 0, 9));
  assert(switchModel(editor, other));
  assert.equal(editor.state.model, other);
  assert.deepEqual(editor.doc.labels.slice(8, 10), Uint8Array.of(2, 1));
  assert(switchModel(editor, MODEL));
  assert.equal(editor.doc.undoName, 'Paint');
});
