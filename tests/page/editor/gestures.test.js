/** Random gestures and commands, undone and redone at random: every state comes back byte for byte, locks hold. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { MODEL } from '../browser.js';
import { Editor } from '../../../frontend/static/js/editor/editor.js';
import * as commands from '../../../frontend/static/js/editor/label-commands.js';
import { attachSelection, nudge, removeSelected, setSelection } from '../../../frontend/static/js/editor/selection.js';
import { beginWork } from '../../../frontend/static/js/editor/works.js';
import { TOOLS } from '../../../frontend/static/js/tools/tools.js';
import { seeded } from '../random.js';

/** What an editor says when nothing may change; the last is that there is nothing to change, said to the page. */
const REFUSALS = /locked|outside|#toasts/;

/** @typedef {import('../random.js').Random} Random */

/** @param {Random} random */
const sample = (random) => ({
  x: random(680) / 10 - 2,
  y: random(680) / 10 - 2,
  pressure: random(10) / 10,
  shift: random(3) === 0,
  alt: random(5) === 0,
  space: random(6) === 0,
  reach: 2,
});

/** @type {(editor: Editor, random: Random) => void} */
function gesture(editor, random) {
  editor.store.set({
    classes: { classId: random(5) },
    tools: {
      size: 1 + random(20),
      square: random(2) === 0,
      gap: random(5),
      pressure: random(3) === 0,
      mirrorX: random(3) === 0,
      mirrorY: random(3) === 0,
    },
    reroll: { subtract: random(3) === 0 },
  });
  /** @type {import('../../../frontend/static/js/tools/tool.js').Tool} */
  const { id, begin, beginWithAlt = begin } = TOOLS[random(TOOLS.length)];
  const start = sample(random);
  // The noise brush with Alt waits for the picture to keep: no step of this moment.
  const going = (start.alt && id !== 'region' ? beginWithAlt : begin)(editor, start);
  if (!going) return;
  going.move?.([sample(random), sample(random)]);
  going.move?.([sample(random)]);
  if (random(6) === 0) {
    editor.cancelStroke();
    going.cancel?.();
    return;
  }
  while (going.end()) {
    if (random(4)) going.press?.(sample(random));
    else if (going.key?.('Enter')) return;
  }
}

/** @type {(editor: Editor, random: Random) => unknown} */
function command(editor, random) {
  const { width } = editor.doc;
  const verbs = [
    () => commands.replaceClass(editor, random(5), random(5), random(2) === 0),
    () => commands.smoothEdges(editor),
    () => commands.removeAllSpecks(editor),
    () => commands.fillAll(editor, 'Clear', editor.blankId),
    () => commands.selectWhere(editor, (was, i) => (random(7) ? Boolean(was) : i % width < 30)),
    () => nudge(editor, random(9) - 4, random(9) - 4),
    () => removeSelected(editor),
    () => commands.regionOfSelection(editor),
    () => setSelection(editor, null),
  ];
  return verbs[random(verbs.length)]();
}

for (const seed of [1, 2, 3]) {
  test(`random gestures undo and redo byte-identically: ${seed}`, async () => {
    const random = seeded(seed);
    const editor = new Editor(() => {});
    attachSelection(editor);
    beginWork(editor, MODEL, null);
    const { doc, store } = editor;
    for (let i = 0; i < doc.labels.length; i++) doc.labels[i] = 1 + (((i >> 3) + (i >> 9)) % 3);
    const copy = () => JSON.stringify([[...doc.labels], [...doc.regions], doc.noise, doc.version]);
    const states = [copy()];
    let at = 0;
    let locked = 0;
    for (let i = 0; i < 400; i++) {
      const kind = random(10);
      if (kind < 2 && editor.state.doc.undoName !== null) {
        editor.undo();
        at--;
      } else if (kind === 2 && editor.state.doc.redoName !== null) {
        editor.redo();
        at++;
      } else {
        const lock = random(3) === 0 ? random(5) : -1;
        store.set({ classes: { locked: lock < 0 ? [] : [lock] } });
        const before = doc.labels.slice();
        const { version } = doc;
        try {
          await (kind < 7 ? gesture(editor, random) : command(editor, random));
        } catch (error) {
          if (!(error instanceof Error && REFUSALS.test(error.message))) throw error;
        }
        await null;
        assert(!doc.isOpen, 'a gesture left its step open');
        assert(
          before.every((id, p) => id !== lock || doc.labels[p] === lock),
          'a locked class was painted over',
        );
        if (lock >= 0 && before.includes(lock) && doc.version !== version) locked++;
        if (doc.version !== version) {
          states.length = ++at;
          states.push(copy());
        }
      }
      assert(copy() === states[at], `step ${i}`);
      assert(doc.labels.every((id) => id <= 4));
    }
    assert(states.length > 60 && locked > 5, `${states.length} steps, ${locked} with a lock`);
    while (editor.state.doc.undoName !== null) {
      editor.undo();
      assert(copy() === states[--at], `undone to ${at}`);
    }
    assert.equal(at, 0);
    while (editor.state.doc.redoName !== null) {
      editor.redo();
      assert(copy() === states[++at], `redone to ${at}`);
    }
    assert.equal(at, states.length - 1);
  });
}
