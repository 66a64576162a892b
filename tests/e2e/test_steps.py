"""Random gestures and commands, undone and redone at random: every state comes back byte for byte, locks hold."""

from __future__ import annotations

import pytest

from tests.e2e.studio import Studio

EDIT = """
const { Editor } = await load('editor/editor');
const { begin } = await load('tools/tools');
const { attachSelection, nudge, removeSelected, setSelection } = await load('editor/selection');
const commands = await load('editor/label-commands');
let state = argument.seed;
const random = n => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 8) % n;
const editor = new Editor(() => {});
attachSelection(editor);
const { models } = await (await fetch('api/models')).json();
editor.useModel(models[0], null);
const { doc, store } = editor;
for (let i = 0; i < doc.labels.length; i++) doc.labels[i] = 1 + ((i >> 3) + (i >> 9)) % 3;
const { width } = doc;
const sample = () => ({
  x: random(680) / 10 - 2, y: random(680) / 10 - 2, pressure: random(10) / 10,
  shift: random(3) === 0, alt: random(5) === 0, space: random(6) === 0, reach: 2,
});
const tools = ['brush', 'eraser', 'fill', 'lasso', 'polygon', 'rectangle', 'ellipse', 'select', 'region'];
const verbs = [
  () => commands.replaceClass(editor, random(5), random(5), random(2) === 0),
  () => commands.smoothEdges(editor),
  () => commands.removeAllSpecks(editor),
  () => commands.fillAll(editor, 'Clear', editor.blankId),
  () => commands.selectWhere(editor, (was, i) => random(7) ? was : i % width < 30),
  () => nudge(editor, random(9) - 4, random(9) - 4),
  () => removeSelected(editor),
  () => commands.regionOfSelection(editor),
  () => setSelection(editor, null),
];
const gesture = () => {
  store.set({
    classId: random(5), size: 1 + random(20), square: random(2) === 0, gap: random(5), pressure: random(3) === 0,
    mirrorX: random(3) === 0, mirrorY: random(3) === 0, subtract: random(3) === 0,
  });
  const tool = tools[random(tools.length)];
  // The noise brush with Alt waits for the picture to keep: no step of this moment.
  const going = begin(editor, { ...sample(), ...(tool === 'region' && { alt: false }) }, tool);
  if (!going) return;
  going.move?.([sample(), sample()]);
  going.move?.([sample()]);
  if (random(6) === 0) { editor.cancelStroke(); return going.cancel?.(); }
  while (going.end()) {
    if (random(4)) going.press(sample());
    else if (going.key('Enter')) return;
  }
};
const copy = () => JSON.stringify([[...doc.labels], [...doc.regions], doc.noise, doc.version]);
const same = [[copy()], 0];
let [wrong, refused, broken] = [0, 0, 0];
for (let i = 0; i < argument.steps; i++) {
  const kind = random(10);
  const [states] = same;
  if (kind < 2 && editor.state.undoName !== null) { editor.undo(); same[1]--; }
  else if (kind === 2 && editor.state.redoName !== null) { editor.redo(); same[1]++; }
  else {
    const locked = random(3) === 0 ? [random(5)] : [];
    store.set({ locked });
    const before = doc.labels.slice();
    const version = doc.version;
    try { await (kind < 7 ? gesture() : verbs[random(verbs.length)]()); }
    catch (error) { if (!/locked|outside/.test(error.message)) throw error; refused++; }
    await Promise.resolve();
    if (doc.isOpen) throw new Error('a gesture left its step open');
    for (let p = 0; p < before.length; p++) if (before[p] === locked[0] && doc.labels[p] !== before[p]) broken++;
    if (doc.version !== version) { states.length = ++same[1]; states.push(copy()); }
  }
  if (copy() !== states[same[1]]) wrong++;
  if (doc.labels.some(id => id > 4)) wrong++;
}
const [states] = same;
while (editor.state.undoName !== null) { editor.undo(); if (copy() !== states[--same[1]]) wrong++; }
while (editor.state.redoName !== null) { editor.redo(); if (copy() !== states[++same[1]]) wrong++; }
return { wrong, broken, refused, steps: states.length, at: same[1] };
"""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_gestures_undo_and_redo_byte_identically(studio: Studio, seed: int) -> None:
    found = studio.run(EDIT, {"seed": seed, "steps": 400})
    assert found["wrong"] == 0 and found["broken"] == 0
    assert found["steps"] > 60 and found["at"] == found["steps"] - 1
