import assert from 'node:assert/strict';
import test from 'node:test';
import '../browser.js';
import { Document } from '../../../frontend/static/js/document/document.js';
import { seeded } from '../random.js';

test('two hundred random steps undo and redo byte-identically', () => {
  const random = seeded(7);
  const doc = new Document(32, 24);
  const copy = () => JSON.stringify([[...doc.labels], [...doc.regions], doc.noise, doc.version]);
  const states = [copy()];
  let at = 0;
  for (let i = 0; i < 600; i++) {
    const kind = random(4);
    if (kind === 0 && at > 0) {
      doc.undo();
      at--;
    } else if (kind === 1 && at < states.length - 1) {
      doc.redo();
      at++;
    } else if (at < 200) {
      const changed = doc.edit('step', () => {
        const from = random(700);
        if (random(2)) doc.labels.fill(random(5), from, from + random(60));
        if (random(2)) doc.regions.fill(random(3), from, from + random(60));
        if (random(3) === 0) doc.noise = { seed: random(1000), regions: [] };
      });
      if (changed) {
        states.length = ++at;
        states.push(copy());
      }
    }
    assert.equal(copy(), states[at]);
  }
  assert(states.length > 60);
  while (at > 0) {
    doc.undo();
    assert.equal(copy(), states[--at]);
  }
  while (at < states.length - 1) {
    doc.redo();
    assert.equal(copy(), states[++at]);
  }
});

test('steps beyond the memory limit are dropped, oldest first', () => {
  const doc = new Document(1024, 1024);
  for (let i = 0; i < 120; i++) {
    doc.edit(`step ${i}`, () => {
      doc.noise = { seed: i, regions: [] };
      doc.frozen = { picture: new ImageData(1024, 1024), mask: new Uint8Array(1024 * 1024) };
    });
  }
  const names = [];
  for (; doc.undoName; doc.undo()) names.push(doc.undoName);
  assert.equal(names[0], 'step 119');
  assert(names.length > 40 && names.length < 60, `${names.length}`); // 5 MB each of 256
});

test('a change that fails is reverted', () => {
  const doc = new Document(4, 4);
  doc.edit('first', () => doc.labels.fill(1));
  const { version } = doc;
  const fail = () => {
    doc.labels.fill(2);
    throw new Error('on purpose');
  };
  assert.throws(() => doc.edit('second', fail), /on purpose/);
  assert.deepEqual(doc.labels, new Uint8Array(16).fill(1));
  assert.deepEqual([doc.version, doc.undoName, doc.isOpen], [version, 'first', false]);
});
