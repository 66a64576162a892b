/** Choosing a class. */
/** @typedef {import('../actions.js').Action} Action */
/** @typedef {import('../actions.js').Studio} Studio */
/** @typedef {import('../types.js').State} State */
import { hasModel } from './when.js';

/**
 * Finding a class; the pinned ones on keys.
 * @param {Studio} studio
 * @returns {Action[]}
 */
export function classActions({ editor, findClass }) {
  const { store } = editor;

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
      enabled: /** @param {State} state */ ({ pins }) => pins[slot] !== null,
      perform: () => {
        const { tool: now, pins } = store.state;
        const paints = now === 'brush' || now === 'fill';
        store.set({ classId: pins[slot] ?? 0, tool: paints ? now : 'brush' });
      },
    })),
  ];
}
