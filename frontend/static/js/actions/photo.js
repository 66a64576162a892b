/** What comes from the disk; photos, and what the segmenter and the discriminator think. */
/** @typedef {import('../actions.js').Action} Action */
/** @typedef {import('../actions.js').Studio} Studio */
/** @typedef {import('../types.js').State} State */
import { PICTURES, choose } from '../files.js';
import { t } from '../i18n.js';
import { chooseUnderlay } from '../photo/underlay.js';
import { hasModel, idle } from './when.js';

/**
 * Opening files, keeping photos, layers and heat maps.
 * @param {Studio} studio
 * @returns {Action[]}
 */
export function photoActions({ editor, recreations, receiver }) {
  const { store } = editor;

  /** @type {(id: import('../types.js').Overlay, name: string, obstacle: (state: State) => string|null) => Action} */
  const overlay = (id, name, obstacle) => ({
    id,
    name,
    group: 'Photos',
    enabled: (state) => hasModel(state) && obstacle(state) === null,
    obstacle,
    pressed: (state) => state.overlay === id,
    perform: () => store.set({ overlay: store.state.overlay === id ? 'none' : id }),
  });

  /** @type {(id: import('../types.js').LayerId, name: string) => Action} */
  const layer = (id, name) => ({
    id: `show-${id}`,
    name,
    group: 'View',
    icon: 'eye',
    pressed: ({ layers }) => layers[id].visible,
    perform: () => {
      const { layers } = store.state;
      store.set({ layers: { ...layers, [id]: { ...layers[id], visible: !layers[id].visible } } });
    },
  });

  /** @param {State} state */
  const noPhoto = ({ photo }) => (photo ? null : t('Open a photo first.'));
  /** @param {State} state */
  const noHints = ({ model }) => (model?.segmenter === null ? t('{name} has no discriminator that knows classes.', { name: model.name }) : null);

  return [
    {
      id: 'recreate',
      name: 'Recreate a photo',
      group: 'Files',
      key: 'Ctrl+O',
      icon: 'photo',
      enabled: (state) => idle(state) && recreations.obstacle(state) === null,
      obstacle: (state) => recreations.obstacle(state),
      perform: async () => {
        const file = await choose(PICTURES);
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
        if (file) await receiver.openLabels(file);
      },
    },
    {
      id: 'open-underlay',
      name: 'Choose a reference photo',
      group: 'Files',
      icon: 'open',
      enabled: hasModel,
      perform: () => chooseUnderlay(editor),
    },
    {
      id: 'close-underlay',
      name: 'Remove the reference photo',
      group: 'Files',
      icon: 'close',
      enabled: ({ underlay }) => underlay !== null,
      perform: () => store.set({ underlay: null }),
    },
    layer('labels', 'Show the labels'),
    layer('regions', 'Show the noise regions'),
    layer('underlay', 'Show the reference photo'),
    {
      id: 'keep-photo',
      name: 'Keep the photo',
      group: 'Photos',
      enabled: (state) => idle(state) && state.photo !== null,
      obstacle: noPhoto,
      pressed: ({ photo }) => photo?.kept ?? false,
      perform: () => editor.keepPhoto(!store.state.photo?.kept),
    },
    overlay('confidence', 'Unsure labels', noPhoto),
    overlay('realism', 'Realism', noHints),
    overlay('fidelity', 'Label fidelity', noHints),
    {
      id: 'overlay-off',
      name: 'No heat map',
      group: 'Photos',
      icon: 'close',
      enabled: ({ overlay: now }) => now !== 'none',
      perform: () => store.set({ overlay: 'none' }),
    },
  ];
}
