/** How things are looked at. */
/** @typedef {import('../actions.js').Action} Action */
/** @typedef {import('../actions.js').Studio} Studio */
import { switchTheme } from '../theme.js';

/**
 * Zoom, layout, theme, help.
 * @param {Studio} studio
 * @returns {Action[]}
 */
export function viewActions({ editor, view, stage, showSheet }) {
  const { store } = editor;

  /** @type {(factor: number) => void} */
  const zoom = (factor) => {
    const { box, map } = stage.right;
    view.zoomAt(factor, { x: box.width / 2, y: box.height / 2 }, box, map);
  };

  return [
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
