/** Undo and redo. */
/** @typedef {import('../base/types.js').Action} Action */
/** @typedef {import('./actions.js').Studio} Studio */

/**
 * Makes the actions for undo and redo.
 * @param {Studio} studio
 * @returns {Action[]}
 */
export function editActions({ editor }) {
  return [
    {
      id: 'undo',
      name: 'Undo',
      group: 'Edit',
      key: 'Ctrl+Z',
      icon: 'undo',
      enabled: ({ doc: { undoName, stroking } }) => undoName !== null && !stroking,
      perform: () => editor.undo(),
    },
    {
      id: 'redo',
      name: 'Redo',
      group: 'Edit',
      key: 'Ctrl+Shift+Z',
      icon: 'redo',
      enabled: ({ doc: { redoName, stroking } }) => redoName !== null && !stroking,
      perform: () => editor.redo(),
    },
  ];
}
