/** Picks the class under the pointer. */
/** @typedef {import('./tool.js').Begin} Begin */
/** @typedef {import('./tool.js').Sample} Sample */

/** The gesture that picks; other tools use it while Alt is held. @type {Begin} */
export const pickClass = (editor, start) => {
  /** @param {Sample[]} samples */
  const move = (samples) => {
    const classId = editor.classAt(samples[samples.length - 1]);
    if (classId !== null && classId !== editor.state.model?.ignore_id) editor.store.set({ classes: { classId } });
  };
  move([start]);
  return { instant: true, move, end: () => {} };
};

/** @type {import('./tool.js').Tool<'pick'>} */
export const pick = {
  id: 'pick',
  name: 'Pick class',
  key: 'I',
  options: [],
  begin: (editor, start) => {
    const gesture = pickClass(editor, start);
    return gesture && { ...gesture, end: () => editor.store.set({ tools: { tool: 'brush' } }) };
  },
};
