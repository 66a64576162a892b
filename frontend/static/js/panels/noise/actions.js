/** Actions of the noise panel. */
/** @typedef {import('../../base/types.js').Action} Action */
import { UserError } from '../../base/errors.js';
import { t } from '../../base/i18n.js';
import { lockClass } from '../../editor/regions.js';
import { applyPlan, planAll, planClass, planObject, planVector } from '../../editor/reroll.js';
import { hasModel, idle } from '../../editor/when.js';

/**
 * Makes the actions for re-rolls and noise regions.
 * @param {{editor: import('../../editor/editor.js').Editor, stage: import('../../base/types.js').Stage, variations: import('./variations.js').Variations}} studio
 * @returns {Action[]}
 */
export function noiseActions({ editor, stage, variations }) {
  const { store } = editor;

  /** @type {(id: string, name: string, key: string, perform: Action['perform'], more?: Partial<Action>) => Action} */
  const rerolls = (id, name, key, perform, { obstacle = noiseObstacle, ...more } = {}) => ({
    id,
    name,
    group: 'Noise',
    key,
    icon: 'dice',
    enabled: (state) =>
      idle(state) && obstacle(state) === null && (id !== 'reroll-region' || state.reroll.regionId !== null),
    obstacle,
    perform,
    ...more,
  });
  const rerollRegion = () => applyPlan(editor, () => planVector(editor, store.state.reroll.regionId ?? 0));
  const rerollClass = () => applyPlan(editor, () => planClass(editor, store.state.classes.classId));
  const rerollObject = () => {
    const point = stage.pointer;
    if (!point || editor.classAt(point) === null) throw new UserError(t('Point at an object first.'));
    return applyPlan(editor, () => planObject(editor, point));
  };
  const ofRegion = { obstacle: regionObstacle };

  return [
    rerolls('reroll-all', 'Re-roll all', 'R', () => applyPlan(editor, () => planAll(editor))),
    rerolls('reroll-region', 'Re-roll the active region', 'Shift+R', rerollRegion, ofRegion),
    rerolls('reroll-class', 'Re-roll the selected class', 'C', rerollClass, ofRegion),
    rerolls('reroll-object', 'Re-roll the object under the pointer', 'J', rerollObject, ofRegion),
    rerolls('variations', 'Variations', 'W', () => variations.open(), { icon: 'grid' }),
    {
      id: 'show-change',
      name: 'Show what changed',
      group: 'Noise',
      key: 'D',
      enabled: hasModel,
      pressed: ({ view: { overlay } }) => overlay === 'change',
      perform: () => store.set({ view: { overlay: store.state.view.overlay === 'change' ? 'none' : 'change' } }),
    },
    {
      id: 'keep-class-noise',
      name: 'Lock the noise of the selected class',
      group: 'Noise',
      key: 'Shift+J',
      icon: 'lock',
      enabled: idle,
      pressed: ({ doc: { noise }, classes: { classId } }) =>
        noise.regions.some((region) => region.locked && region.classId === classId),
      perform: () => lockClass(editor, store.state.classes.classId),
    },
    {
      id: 'new-region',
      name: 'New noise region',
      group: 'Noise',
      key: 'Shift+N',
      icon: 'plus',
      enabled: hasModel,
      perform: () => store.set({ tools: { tool: 'region' }, reroll: { regionId: null, subtract: false } }),
    },
    {
      id: 'keep-outside',
      name: 'Keep the rest of the picture',
      group: 'Noise',
      key: 'K',
      pressed: ({ reroll: { keepOutside } }) => keepOutside,
      perform: () => store.set({ reroll: { keepOutside: !store.state.reroll.keepOutside } }),
    },
    {
      id: 'region-add',
      name: 'Add to the region',
      group: 'Noise',
      icon: 'plus',
      pressed: ({ reroll: { subtract } }) => !subtract,
      perform: () => store.set({ reroll: { subtract: false } }),
    },
    {
      id: 'region-cut',
      name: 'Cut from the region',
      group: 'Noise',
      icon: 'minus',
      enabled: ({ reroll: { regionId } }) => regionId !== null,
      pressed: ({ reroll: { subtract } }) => subtract,
      perform: () => store.set({ reroll: { subtract: true } }),
    },
  ];
}

/** @param {import('../../base/types.js').State} state */
const noiseObstacle = ({ model, reroll: { channels } }) => {
  if (model?.capabilities.noise === false) return t('{name} does not use noise.', { name: model.name });
  return channels?.length === 0 ? t('No noise channels are selected.') : null;
};

/** @param {import('../../base/types.js').State} state */
const regionObstacle = (state) => {
  const { model } = state;
  const whole = model?.capabilities.noise && !model.capabilities.regions;
  return whole ? t('{name} has one noise for the whole picture.', { name: model.name }) : noiseObstacle(state);
};
