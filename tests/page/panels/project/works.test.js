import assert from 'node:assert/strict';
import test from 'node:test';
import { listWorks } from '../../../../frontend/static/js/panels/project/works.js';

/** @type {any} */
const browser = globalThis;
const refused = /does not let the page store anything/;

test('a database that is refused, or not answered in time, is one error and no fault', async () => {
  const { setTimeout } = browser;
  /** @type {(() => void)[]} */
  const timers = [];
  browser.setTimeout = (/** @type {() => void} */ run) => timers.push(run);
  /** @type {any[]} */
  const requests = [];
  await assert.rejects(listWorks(), refused); // there is none
  assert.equal(timers.length, 0);

  browser.indexedDB = { open: () => requests[requests.push({}) - 1] };
  const late = assert.rejects(listWorks(), refused);
  timers[0]();
  await late;
  await assert.rejects(listWorks(), refused); // at once, while the first is not answered
  assert.equal(requests.length, 1);

  requests[0].onerror();
  await new Promise((done) => setTimeout(done)); // what is rejected without a handler fails the test
  const again = assert.rejects(listWorks(), refused);
  assert.equal(requests.length, 2);
  requests[1].onerror();
  await again;
  browser.setTimeout = setTimeout;
});
