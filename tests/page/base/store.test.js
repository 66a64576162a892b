import assert from 'node:assert/strict';
import test from 'node:test';
import { Store } from '../../../frontend/static/js/base/store.js';
import { seeded } from '../random.js';

const fresh = () => new Store({ model: /** @type {string|null} */ (null), pins: [1, 2], view: { zoom: 1, x: 0 } });

test('a listener runs at once and after changes of its keys', async () => {
  const store = fresh();
  /** @type {unknown[]} */
  const seen = [];
  const stop = store.watch(['model'], ({ model }) => seen.push(model));
  store.set({ view: { zoom: 2 } });
  await null;
  store.set({ model: 'a' });
  assert.deepEqual(seen, [null], 'not before the next microtask');
  await null;
  assert.deepEqual(seen, [null, 'a']);
  stop();
  store.set({ model: 'b' });
  await null;
  assert.deepEqual(seen, [null, 'a']);
});

test('groups merge, other values are replaced', () => {
  const store = fresh();
  const before = store.state;
  store.set({ view: { zoom: 2 }, pins: [3] });
  assert.deepEqual(store.state, { model: null, pins: [3], view: { zoom: 2, x: 0 } });
  assert.deepEqual(before, { model: null, pins: [1, 2], view: { zoom: 1, x: 0 } }, 'old states stay as they were');
});

test('a value that becomes an object later is not a group', () => {
  const store = new Store({ model: /** @type {object|null} */ (null) });
  store.set({ model: { id: 'a', name: 'A' } });
  store.set({ model: { id: 'b' } });
  assert.deepEqual(store.state.model, { id: 'b' });
});

test('a key of a group notifies alone, the group with any of its keys', async () => {
  const store = fresh();
  const runs = { zoom: 0, x: 0, view: 0, pins: 0 };
  store.watch(['view.zoom'], () => runs.zoom++);
  store.watch(['view.x'], () => runs.x++);
  store.watch(['view'], () => runs.view++);
  store.watch(['pins'], () => runs.pins++);
  store.set({ view: { zoom: 3 } });
  await null;
  assert.deepEqual(runs, { zoom: 2, x: 1, view: 2, pins: 1 });
});

test('setting a value to itself notifies no listener', async () => {
  const store = fresh();
  let runs = 0;
  store.watch(['view', 'model', 'view.x'], () => runs++);
  store.set({ view: { zoom: 1, x: NaN } });
  await null;
  store.set({ view: { x: NaN }, model: null });
  await null;
  assert.equal(runs, 2, 'at once, and for the first NaN');
});

test('listeners run once for all changes of a task, with the newest state', async () => {
  const store = fresh();
  /** @type {number[]} */
  const seen = [];
  store.watch(['view.zoom', 'view.x', 'model'], ({ view }) => seen.push(view.zoom));
  for (let zoom = 2; zoom < 9; zoom++) store.set({ view: { zoom, x: zoom }, model: `${zoom}` });
  await null;
  assert.deepEqual(seen, [1, 8]);
});

test('changes made by a listener notify afterwards', async () => {
  const store = fresh();
  /** @type {unknown[]} */
  const seen = [];
  store.watch(['view.zoom'], ({ view }) => store.set({ model: `zoom ${view.zoom}` }));
  store.watch(['model'], ({ model }) => seen.push(model));
  await null;
  store.set({ view: { zoom: 2 } });
  await null;
  await null;
  assert.deepEqual(seen, ['zoom 1', 'zoom 1', 'zoom 2']);
});

test('a listener that fails does not stop the others, and is reported', async () => {
  /** @type {unknown[]} */
  const reported = [];
  globalThis.reportError = (error) => reported.push(error);
  const store = fresh();
  const failure = new Error('on purpose');
  /** @type {unknown[]} */
  const seen = [];
  store.watch(['model'], ({ model }) => {
    if (model) throw failure;
  });
  store.watch(['model'], ({ model }) => seen.push(model));
  store.set({ model: 'a' });
  await null;
  assert.deepEqual(seen, [null, 'a']);
  assert.deepEqual(reported, [failure]);
  store.set({ model: 'b' });
  await null;
  assert.deepEqual(seen, [null, 'a', 'b']);
});

test('until waits for its condition, and resolves at once if it is true', async () => {
  const store = fresh();
  assert.equal(await store.until(['view.zoom'], ({ view }) => view.zoom === 1), store.state);
  const waiting = store.until(['view.zoom'], ({ view }) => view.zoom > 2);
  let arrived = false;
  waiting.then(() => (arrived = true));
  store.set({ view: { zoom: 2 } });
  for (let i = 0; i < 5; i++) await null;
  assert(!arrived);
  store.set({ view: { zoom: 3 } });
  assert.equal((await waiting).view.zoom, 3);
});

test('any sequence of patches gives the merged state', async () => {
  const random = seeded(3);
  const store = fresh();
  const expected = { model: /** @type {string|null} */ (null), zoom: 1, x: 0 };
  let heard = { ...expected };
  let runs = 0;
  store.watch(['model', 'view'], ({ model, view }) => {
    heard = { model, zoom: view.zoom, x: view.x };
    runs++;
  });
  for (let step = 0; step < 300; step++) {
    const before = JSON.stringify(expected);
    const runsBefore = runs;
    if (random(2)) store.set({ model: (expected.model = 'abc'[random(3)]) });
    if (random(2)) store.set({ view: { zoom: (expected.zoom = random(3)) } });
    if (random(2)) store.set({ view: { x: (expected.x = random(2)) } });
    await null;
    assert.deepEqual(heard, expected);
    assert.equal(runs, runsBefore + Number(JSON.stringify(expected) !== before));
  }
});
