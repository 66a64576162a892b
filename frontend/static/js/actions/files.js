/** What comes from the disk and goes there. */
/** @typedef {import('../actions.js').Action} Action */
/** @typedef {import('../actions.js').Studio} Studio */
import { choose, readLabels, saveLabels, savePicture } from '../files.js';
import { hasModel, idle } from './when.js';

/**
 * Opening and saving.
 * @param {Studio} studio
 * @returns {Action[]}
 */
export function fileActions({ editor, recreations }) {
  const { store } = editor;

  return [
    {
      id: 'recreate',
      name: 'Recreate a photo',
      group: 'Files',
      key: 'Ctrl+O',
      icon: 'photo',
      enabled: (state) => idle(state) && recreations.obstacle(state) === null,
      obstacle: (state) => recreations.obstacle(state),
      perform: async () => {
        const file = await choose('image/png,image/jpeg,image/webp');
        if (file) await recreations.recreate(file);
      },
    },
    {
      id: 'open-labels',
      name: 'Open a label map',
      group: 'Files',
      icon: 'open',
      enabled: idle,
      perform: async () => {
        const file = await choose('image/png');
        const { model } = store.state;
        if (!file || !model) return;
        const labels = await readLabels(new Uint8Array(await file.arrayBuffer()), model, editor.doc);
        recreations.close();
        editor.replaceLabels('Open a label map', labels);
      },
    },
    {
      id: 'save-picture',
      name: 'Save the picture',
      group: 'Files',
      key: 'Ctrl+S',
      icon: 'save',
      enabled: ({ shown }) => shown >= 0,
      perform: () => savePicture(editor),
    },
    {
      id: 'save-labels',
      name: 'Save the label map',
      group: 'Files',
      key: 'Ctrl+Shift+S',
      icon: 'labels',
      enabled: hasModel,
      perform: () => saveLabels(editor),
    },
  ];
}
