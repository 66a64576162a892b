/** Actions of the class list. */
/** @typedef {import('../../base/types.js').Action} Action */
/** @typedef {import('../../base/types.js').State} State */
import { hasModel } from '../../editor/when.js';
import { chooseClass } from '../../tools/tools.js';

/**
 * Makes the actions that choose classes and their colors.
 * @param {{editor: import('../../editor/editor.js').Editor, findClass: () => void}} studio
 * @returns {Action[]}
 */
export function classActions({ editor, findClass }) {
  const { store } = editor;

  /** @type {(id: State['classes']['scheme'], name: string) => import('../../base/types.js').Action} */
  const scheme = (id, name) => ({
    id: `palette-${id}`,
    name,
    group: 'Classes',
    icon: 'colors',
    pressed: (state) => state.classes.scheme === id,
    perform: () => store.set({ classes: { scheme: id } }),
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
    scheme('own', 'Model colors'),
    scheme('safe', 'Color-blind safe colors'),
    scheme('custom', 'Custom colors'),
  ];
}
