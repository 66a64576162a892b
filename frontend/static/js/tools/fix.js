/** Lets the user relabel the clicked object. */

/** @type {import('./tool.js').Tool<'fix'>} */
export const fix = {
  id: 'fix',
  name: 'Fix labels',
  key: 'F',
  options: [],
  begin: (editor, start) => {
    const at = Math.floor(start.y) * editor.doc.width + Math.floor(start.x);
    if (editor.classAt(start) === null) return null;
    return { instant: true, end: () => editor.store.set({ view: { fix: { at, part: start.shift } } }) };
  },
};
