/** Re-rolling, and the regions of the noise. */
/** @typedef {import('../../base/types.js').Action} Action */
import { UserError } from '../../base/errors.js';
import { t } from '../../base/i18n.js';
import { lockClass } from '../../editor/regions.js';
import { carryOut, planAll, planClass, planDraw, planObject } from '../../editor/reroll.js';
import { hasModel, idle } from '../../editor/when.js';

/**
 * New noise, for everything or a part.
 * @param {{editor: import('../../editor/editor.js').Editor, stage: import('../../base/types.js').Stage, variations: import('./variations.js').Variations}} studio
 * @returns {Action[]}
 */
export function noiseActions({ editor, stage, variations }) {
  const { store } = editor;

  /** @type {(id: string, name: string, key: string, perform: Action['perform']) => Action} */
  const rerolls = (id, name, key, perform) => ({
    id,
    name,
    group: 'Noise',
    key,
    icon: id === 'variations' ? 'grid' : 'dice',
    enabled: (state) => idle(state) && obstacle(state) === null && (id !== 'reroll-region' || state.regionId !== null),
    obstacle,
    perform,
  });

  return [
    rerolls('reroll-all', 'Re-roll all', 'R', () => carryOut(editor, () => planAll(editor))),
    rerolls('reroll-region', 'Re-roll the active region', 'Shift+R', () => {
      const id = store.state.regionId ?? 0;
      return carryOut(editor, () => planDraw(editor, id));
    }),
    rerolls('reroll-class', 'Re-roll the selected class', 'C', () => {
      const { classId } = store.state;
      return carryOut(editor, () => planClass(editor, classId));
    }),
    rerolls('reroll-object', 'Re-roll the object under the pointer', 'J', () => {
      const point = stage.pointer;
      if (!point || editor.classAt(point) === null) throw new UserError(t('Point at an object of the picture first.'));
      return carryOut(editor, () => planObject(editor, point));
    }),
    rerolls('variations', 'Variations', 'W', () => variations.open()),
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

/** @param {import('../../base/types.js').State} state */
const obstacle = ({ channels }) => (channels?.length === 0 ? t('No channel of the noise is chosen.') : null);
