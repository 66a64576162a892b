/** Choosing a class. */
/** @typedef {import('../../base/types.js').Action} Action */
/** @typedef {import('../../base/types.js').State} State */
import { hasModel } from '../../editor/when.js';
import { chooseClass } from '../../tools/tools.js';

/**
 * Finding a class; the pinned ones on keys.
 * @param {{editor: import('../../editor/editor.js').Editor, findClass: () => void}} studio
 * @returns {Action[]}
 */
export function classActions({ editor, findClass }) {
  const { store } = editor;

  /** @type {(id: State['classes']['palette'], name: string) => import('../../base/types.js').Action} */
  const palette = (id, name) => ({
    id: `palette-${id}`,
    name,
    group: 'Classes',
    icon: 'colors',
    pressed: (state) => state.classes.palette === id,
    perform: () => store.set({ classes: { palette: id } }),
  });

  return [
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
      enabled: /** @param {State} state */ ({ classes: { pins } }) => pins[slot] !== null,
      perform: () => chooseClass(store, store.state.classes.pins[slot] ?? 0),
    })),
    {
      id: 'used-first',
      name: 'Classes in use first',
      group: 'Classes',
      icon: 'sort',
      pressed: ({ classes: { usedFirst } }) => usedFirst,
      perform: () => store.set({ classes: { usedFirst: !store.state.classes.usedFirst } }),
    },
    palette('own', 'Model colors'),
    palette('safe', 'Color-blind safe colors'),
    palette('custom', 'Custom colors'),
  ];
}
