/** Re-rolling, and the regions of the noise. */
/** @typedef {import('../actions.js').Action} Action */
/** @typedef {import('../actions.js').Studio} Studio */
import { t } from '../i18n.js';
import { lockClass } from '../noise/regions.js';
import { carryOut, planAll, planClass, planDraw, planObject } from '../reroll.js';
import { hasModel, idle } from './when.js';

/**
 * New noise, for everything or a part.
 * @param {Studio} studio
 * @returns {Action[]}
 */
export function noiseActions({ editor, stage, variations }) {
  const { store } = editor;

  return [
    {
      id: 'reroll-all',
      name: 'Re-roll all',
      group: 'Noise',
      key: 'R',
      icon: 'dice',
      enabled: rolls,
      obstacle,
      perform: () => carryOut(editor, () => planAll(editor)),
    },
    {
      id: 'reroll-region',
      name: 'Re-roll the active region',
      group: 'Noise',
      key: 'Shift+R',
      icon: 'dice',
      enabled: (state) => rolls(state) && state.regionId !== null,
      obstacle,
      perform: () => carryOut(editor, () => planDraw(editor, store.state.regionId ?? 0)),
    },
    {
      id: 'reroll-class',
      name: 'Re-roll the selected class',
      group: 'Noise',
      key: 'C',
      icon: 'dice',
      enabled: rolls,
      obstacle,
      perform: () => carryOut(editor, () => planClass(editor, store.state.classId)),
    },
    {
      id: 'reroll-object',
      name: 'Re-roll the object under the pointer',
      group: 'Noise',
      key: 'J',
      icon: 'dice',
      enabled: rolls,
      obstacle,
      perform: async () => {
        const point = stage.pointer;
        if (!point || editor.classAt(point) === null) throw new Error(t('Point at an object of the picture first.'));
        await carryOut(editor, () => planObject(editor, point));
      },
    },
    {
      id: 'variations',
      name: 'Variations',
      group: 'Noise',
      key: 'W',
      icon: 'grid',
      enabled: rolls,
      obstacle,
      perform: () => variations.open(),
    },
    {
      id: 'show-change',
      name: 'Show what changed',
      group: 'Noise',
      key: 'D',
      enabled: hasModel,
      pressed: ({ overlay }) => overlay === 'change',
      perform: () => store.set({ overlay: store.state.overlay === 'change' ? 'none' : 'change' }),
    },
    {
      id: 'keep-class-noise',
      name: 'Keep the noise of the selected class',
      group: 'Noise',
      key: 'Shift+J',
      icon: 'lock',
      enabled: idle,
      pressed: ({ noise, classId }) => noise.regions.some((region) => region.locked && region.classId === classId),
      perform: () => lockClass(editor, store.state.classId),
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

/** @param {import('../types.js').State} state */
const rolls = (state) => idle(state) && obstacle(state) === null;

/** @param {import('../types.js').State} state */
const obstacle = ({ channels }) => (channels?.length === 0 ? t('No channel of the noise is chosen.') : null);
