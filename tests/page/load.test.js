/** The layers below the page load without a browser; they use it only when they are called. */
import assert from 'node:assert/strict';
import { glob } from 'node:fs/promises';
import test from 'node:test';

const PAGE = new URL('../../frontend/static/js/', import.meta.url);
const CLASSIC = 'base/theme-first.js'; // a script of its own, run before the page is drawn

test('modules of the lower layers load without a browser', async () => {
  for (const name of ['window', 'document', 'location']) assert(!(name in globalThis), name);
  let count = 0;
  for await (const path of glob('{base,maps,formats,document,server,editor,tools}/**/*.js', { cwd: PAGE })) {
    if (path !== CLASSIC) await import(new URL(path, PAGE).href);
    count++;
  }
  assert(count > 60, `${count} modules were found`);
});
