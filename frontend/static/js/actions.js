/**
 * Every action is one data object. The buttons, the keyboard and the shortcut
 * sheet are all made from this list.
 */
/** @typedef {import('./types.js').State} State */
/** @typedef {import('./types.js').ToolId} ToolId */
import { SIZE_MAX } from './editor.js';
import { choose, readLabels, saveLabels, savePicture } from './files.js';
import { rerollAll, rerollClass, rerollRegion } from './reroll.js';
import { switchTheme } from './theme.js';

/**
 * @typedef {object} Action
 * @property {string} id
 * @property {string} name  for people: tooltip, accessible name, shortcut sheet
 * @property {string} group  in the shortcut sheet
 * @property {string} [key]  'B', 'Shift+R', 'Ctrl+Z', '['
 * @property {string} [icon]  a symbol of the page's sprite
 * @property {(state: State) => boolean} [enabled]
 * @property {(state: State) => string|null} [obstacle]  why it is not enabled, where that needs saying
 * @property {(state: State) => boolean} [pressed]  for actions that are switched on
 * @property {() => void|Promise<void>} perform
 */

/**
 * @typedef {object} Studio  What actions act on.
 * @property {import('./editor.js').Editor} editor
 * @property {import('./view.js').View} view
 * @property {import('./stage.js').Stage} stage
 * @property {import('./photo.js').Recreations} recreations
 * @property {() => void} findClass
 * @property {() => void} showSheet
 */

/**
 * @param {Studio} studio
 * @returns {Action[]}
 */
export function makeActions({ editor, view, stage, recreations, findClass, showSheet }) {
  const { store } = editor;

  /** @type {(id: ToolId, name: string, key: string) => Action} */
  const tool = (id, name, key) => ({
    id,
    name,
    group: 'Tools',
    key,
    icon: id,
    enabled: hasModel,
    pressed: (state) => state.tool === id,
    perform: () => store.set({ tool: id }),
  });

  /** @type {(name: string, key: string, next: (size: number) => number) => Action} */
  const resize = (name, key, next) => ({
    id: name.toLowerCase().replaceAll(' ', '-'),
    name,
    group: 'Tools',
    key,
    perform: () => store.set({ size: Math.min(SIZE_MAX, Math.max(1, next(store.state.size))) }),
  });

  /** @type {(factor: number) => void} */
  const zoom = (factor) => {
    const { box, map } = stage.right;
    view.zoomAt(factor, { x: box.width / 2, y: box.height / 2 }, box, map);
  };

  return [
    tool('brush', 'Brush', 'B'),
    tool('eraser', 'Eraser', 'E'),
    tool('fill', 'Fill', 'G'),
    tool('pick', 'Pick class', 'I'),
    tool('region', 'Noise-region brush', 'N'),
    tool('hand', 'Pan', 'H'),
    resize('Smaller brush', '[', (size) => Math.min(size - 1, Math.round(size / 1.2))),
    resize('Larger brush', ']', (size) => Math.max(size + 1, Math.round(size * 1.2))),

    {
      id: 'undo',
      name: 'Undo',
      group: 'Edit',
      key: 'Ctrl+Z',
      icon: 'undo',
      enabled: ({ undoName, stroking }) => undoName !== null && !stroking,
      perform: () => editor.undo(),
    },
    {
      id: 'redo',
      name: 'Redo',
      group: 'Edit',
      key: 'Ctrl+Shift+Z',
      icon: 'redo',
      enabled: ({ redoName, stroking }) => redoName !== null && !stroking,
      perform: () => editor.redo(),
    },

    {
      id: 'reroll-all',
      name: 'Re-roll all',
      group: 'Noise',
      key: 'R',
      icon: 'dice',
      enabled: idle,
      perform: () => rerollAll(editor),
    },
    {
      id: 'reroll-region',
      name: 'Re-roll the active region',
      group: 'Noise',
      key: 'Shift+R',
      icon: 'dice',
      enabled: (state) => idle(state) && state.regionId !== null,
      perform: () => (store.state.regionId === null ? undefined : rerollRegion(editor, store.state.regionId)),
    },
    {
      id: 'reroll-class',
      name: 'Re-roll the selected class',
      group: 'Noise',
      key: 'C',
      icon: 'dice',
      enabled: idle,
      perform: () => rerollClass(editor, store.state.classId),
    },
    {
      id: 'new-region',
      name: 'New noise region',
      group: 'Noise',
      key: 'Shift+N',
      icon: 'plus',
      enabled: hasModel,
      perform: () => store.set({ tool: 'region', regionId: null, subtract: false }),
    },
    {
      id: 'keep-outside',
      name: 'Keep the rest of the picture',
      group: 'Noise',
      key: 'K',
      pressed: ({ keepOutside }) => keepOutside,
      perform: () => store.set({ keepOutside: !store.state.keepOutside }),
    },
    {
      id: 'region-add',
      name: 'Add to the region',
      group: 'Noise',
      icon: 'plus',
      pressed: ({ subtract }) => !subtract,
      perform: () => store.set({ subtract: false }),
    },
    {
      id: 'region-cut',
      name: 'Cut from the region',
      group: 'Noise',
      icon: 'minus',
      enabled: ({ regionId }) => regionId !== null,
      pressed: ({ subtract }) => subtract,
      perform: () => store.set({ subtract: true }),
    },

    {
      id: 'find-class',
      name: 'Find a class',
      group: 'Classes',
      key: '/',
      enabled: hasModel,
      perform: findClass,
    },
    ...Array.from({ length: 9 }, (_, slot) => ({
      id: `pin-${slot + 1}`,
      name: `Pinned class ${slot + 1}`,
      group: 'Classes',
      key: String(slot + 1),
      enabled: /** @param {State} state */ ({ pins }) => pins[slot] !== null,
      perform: () => {
        const { tool: now, pins } = store.state;
        const paints = now === 'brush' || now === 'fill';
        store.set({ classId: pins[slot] ?? 0, tool: paints ? now : 'brush' });
      },
    })),

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
        const labels = await readLabels(new Uint8Array(await file.arrayBuffer()), model);
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

    { id: 'zoom-in', name: 'Zoom in', group: 'View', key: '+', icon: 'plus', perform: () => zoom(1.25) },
    { id: 'zoom-out', name: 'Zoom out', group: 'View', key: '-', icon: 'minus', perform: () => zoom(0.8) },
    { id: 'fit', name: 'Fit', group: 'View', key: '0', icon: 'fit', perform: () => view.fit() },
    {
      id: 'split',
      name: 'Labels beside the photo',
      group: 'View',
      key: 'S',
      icon: 'split',
      pressed: ({ layout }) => layout === 'split',
      perform: () => store.set({ layout: 'split' }),
    },
    {
      id: 'overlay',
      name: 'Labels over the photo',
      group: 'View',
      key: 'O',
      icon: 'overlay',
      pressed: ({ layout }) => layout === 'overlay',
      perform: () => store.set({ layout: 'overlay' }),
    },
    { id: 'theme', name: 'Light or dark', group: 'View', icon: 'theme', perform: switchTheme },
    { id: 'sheet', name: 'Keyboard shortcuts', group: 'View', key: '?', icon: 'help', perform: showSheet },
  ];
}

/** @param {State} state */
const hasModel = ({ model }) => model !== null;

/** @param {State} state */
const idle = ({ model, stroking }) => model !== null && !stroking;
