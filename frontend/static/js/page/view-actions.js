/** Actions of the view. */
/** @typedef {import('../base/types.js').Action} Action */
/** @typedef {import('./actions.js').Studio} Studio */
import { switchLanguage } from '../base/i18n.js';
import { switchTheme } from '../base/theme.js';
import { resize } from '../editor/steps.js';
import { hasModel, idle } from '../editor/when.js';
import { sizeFor } from '../maps/size.js';

/**
 * Makes the actions for zoom, layout, canvas size, theme, language and help.
 * @param {Studio} studio
 * @returns {Action[]}
 */
export function viewActions({ editor, view, stage, showShortcuts, showCommands }) {
  const { store } = editor;

  /** @type {(factor: number) => void} */
  const zoom = (factor) => {
    const { box, map } = stage.right;
    view.zoomAt(factor, { x: box.width / 2, y: box.height / 2 }, box, map);
  };

  /** @type {(id: import('../base/types.js').Layout, name: string, key: string) => Action} */
  const layout = (id, name, key) => ({
    id,
    name,
    group: 'View',
    key,
    icon: id,
    pressed: (state) => state.view.layout === id,
    perform: () => store.set({ view: { layout: id } }),
  });

  return [
    { id: 'zoom-in', name: 'Zoom in', group: 'View', key: '+', icon: 'plus', perform: () => zoom(1.25) },
    { id: 'zoom-out', name: 'Zoom out', group: 'View', key: '-', icon: 'minus', perform: () => zoom(0.8) },
    { id: 'fit', name: 'Fit', group: 'View', key: '0', icon: 'fit', perform: () => view.fit() },
    layout('split', 'Labels beside the photo', 'S'),
    layout('overlay', 'Labels over the photo', 'O'),
    layout('labels', 'Labels only', 'Shift+L'),
    layout('photo', 'Photo only', 'Shift+O'),
    layout('compare', 'Compare with before', 'Shift+C'),
    {
      id: 'before',
      name: 'Hold to show the picture before the last step',
      group: 'View',
      key: 'Q',
      icon: 'before',
      enabled: hasModel,
      perform: () => store.set({ view: { before: true } }),
      release: () => store.set({ view: { before: false } }),
    },
    ...[1, 2, 4].map((times) => ({
      id: `size-${times}`,
      name: times === 1 ? 'Canvas at model size' : `Canvas at ${times}× model size`,
      group: 'View',
      enabled: idle,
      pressed: /** @param {import('../base/types.js').State} state */ ({ model, doc: { width, height } }) =>
        model !== null && sizeFor({ width, height }, sized(model, times), model).width === width,
      perform: () => {
        const { model } = store.state;
        if (!model) return;
        const { width, height } = sizeFor(editor.doc, sized(model, times), model);
        resize(editor, width, height);
      },
    })),
    {
      id: 'pause',
      name: 'Pause live painting',
      group: 'View',
      key: 'P',
      icon: 'pause',
      pressed: ({ live: { paused } }) => paused,
      perform: () => editor.painting.pause(!store.state.live.paused),
    },
    { id: 'theme', name: 'Light or dark', group: 'View', icon: 'theme', perform: switchTheme },
    { id: 'language', name: 'Language: Deutsch', group: 'View', icon: 'language', perform: switchLanguage },
    { id: 'commands', name: 'Find a command', group: 'View', key: 'Ctrl+K', icon: 'search', perform: showCommands },
    { id: 'sheet', name: 'Keyboard shortcuts', group: 'View', key: '?', icon: 'help', perform: showShortcuts },
  ];
}

/** @type {(model: import('../base/types.js').Model, times: number) => {width: number, height: number}} */
const sized = ({ native_size: [height, width] }, times) => ({ width: times * width, height: times * height });
