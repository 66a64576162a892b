/** What goes to the disk. */
/** @typedef {import('../actions.js').Action} Action */
/** @typedef {import('../actions.js').Studio} Studio */
import { saveLabels, savePicture } from '../files.js';
import { hasModel } from './when.js';

/**
 * Saving.
 * @param {Studio} studio
 * @returns {Action[]}
 */
export function fileActions({ editor }) {
  return [
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
