/** Re-rolling, and the regions of the noise. */
/** @typedef {import('../actions.js').Action} Action */
/** @typedef {import('../actions.js').Studio} Studio */
import { rerollAll, rerollClass, rerollRegion } from '../reroll.js';
import { hasModel, idle } from './when.js';

/**
 * New noise, for everything or a part.
 * @param {Studio} studio
 * @returns {Action[]}
 */
export function noiseActions({ editor }) {
  const { store } = editor;

  return [
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
  ];
}
