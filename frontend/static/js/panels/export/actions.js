/** Actions that save files. */
/** @typedef {import('../../base/types.js').Action} Action */
import { hasModel, idle } from '../../editor/when.js';
import { saveColors, saveLabels, savePicture } from './save.js';

/**
 * Makes the actions that save pictures, label maps and augmentation sets.
 * @param {{editor: import('../../editor/editor.js').Editor, saveSet: () => void}} studio
 * @returns {Action[]}
 */
export function fileActions({ editor, saveSet }) {
  return [
    {
      id: 'save-picture',
      name: 'Save the picture',
      group: 'Files',
      key: 'Ctrl+S',
      icon: 'save',
      enabled: ({ live: { shown } }) => shown >= 0,
      perform: () => savePicture(editor, 'png'),
    },
    {
      id: 'save-webp',
      name: 'Save the picture as WebP',
      group: 'Files',
      icon: 'save',
      enabled: ({ live: { shown } }) => shown >= 0,
      perform: () => savePicture(editor, 'webp'),
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
    {
      id: 'save-colors',
      name: 'Save the label map in colors',
      group: 'Files',
      icon: 'labels',
      enabled: hasModel,
      perform: () => saveColors(editor),
    },
    { id: 'save-set', name: 'Save an augmentation set', group: 'Files', icon: 'dice', enabled: idle, perform: saveSet },
  ];
}
