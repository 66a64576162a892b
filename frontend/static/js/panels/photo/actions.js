/** Actions that open files, and those of photos, layers and heat maps. */
/** @typedef {import('../../base/types.js').Action} Action */
/** @typedef {import('../../base/types.js').State} State */
import { chooseFile, PICTURES } from '../../base/download.js';
import { t } from '../../base/i18n.js';
import { showPhoto } from '../../editor/steps.js';
import { hasModel, idle } from '../../editor/when.js';
import { readPhoto } from '../../formats/photo.js';
import { useUnderlay } from './underlay.js';

/**
 * Makes these actions.
 * @param {{editor: import('../../editor/editor.js').Editor, recreations: import('./recreations.js').Recreations, receiver: import('./receive.js').Receiver}} studio
 * @returns {Action[]}
 */
export function photoActions({ editor, recreations, receiver }) {
  const { store } = editor;

  /** @type {(id: import('../../base/types.js').Overlay, name: string, obstacle: (state: State) => string|null) => Action} */
  const overlay = (id, name, obstacle) => ({
    id,
    name,
    group: 'Photos',
    enabled: (state) => hasModel(state) && obstacle(state) === null,
    obstacle,
    pressed: (state) => state.view.overlay === id,
    perform: () => store.set({ view: { overlay: store.state.view.overlay === id ? 'none' : id } }),
  });

  /** @type {(id: import('../../base/types.js').LayerId, name: string) => Action} */
  const layer = (id, name) => ({
    id: `show-${id}`,
    name,
    group: 'View',
    icon: 'eye',
    pressed: ({ view: { layers } }) => layers[id].visible,
    perform: () => {
      const { layers } = store.state.view;
      store.set({ view: { layers: { ...layers, [id]: { ...layers[id], visible: !layers[id].visible } } } });
    },
  });

  /** @type {(id: string, name: string, accept: string, take: (file: File) => Promise<void>) => Action} */
  const opens = (id, name, accept, take) => ({
    id,
    name,
    group: 'Files',
    icon: 'open',
    enabled: idle,
    perform: async () => {
      const file = await chooseFile(accept);
      if (file) await take(file);
    },
  });

  /** @param {State} state */
  const noPhoto = ({ doc: { photo } }) => (photo ? null : t('Open a photo first.'));
  /** @param {State} state */
  const noHints = ({ model }) =>
    model?.capabilities.inspect === false
      ? t('{name} has no discriminator that knows classes.', { name: model.name })
      : null;

  return [
    {
      ...opens('recreate', 'Recreate a photo', PICTURES, (file) => recreations.recreate(file)),
      key: 'Ctrl+O',
      icon: 'photo',
      enabled: (state) => idle(state) && recreations.obstacle(state) === null,
      obstacle: (state) => recreations.obstacle(state),
    },
    opens('open-labels', 'Open a label map', 'image/png', (file) => receiver.openLabels(file)),
    opens('open-underlay', 'Choose a reference photo', PICTURES, async (file) =>
      useUnderlay(editor, await readPhoto(file)),
    ),
    {
      id: 'close-underlay',
      name: 'Remove the reference photo',
      group: 'Files',
      icon: 'close',
      enabled: ({ view: { underlay } }) => underlay !== null,
      perform: () => store.set({ view: { underlay: null } }),
    },
    layer('labels', 'Show the labels'),
    layer('regions', 'Show the noise regions'),
    layer('underlay', 'Show the reference photo'),
    {
      id: 'keep-photo',
      name: 'Keep the photo',
      group: 'Photos',
      enabled: (state) => idle(state) && state.doc.photo !== null,
      obstacle: noPhoto,
      pressed: ({ doc: { photo } }) => photo?.shown ?? false,
      perform: () => showPhoto(editor, !store.state.doc.photo?.shown),
    },
    overlay('confidence', 'Uncertain labels', noPhoto),
    overlay('realism', 'Realism', noHints),
    overlay('fidelity', 'Label fidelity', noHints),
    {
      id: 'overlay-off',
      name: 'No heat map',
      group: 'Photos',
      icon: 'close',
      enabled: ({ view: { overlay: now } }) => now !== 'none',
      perform: () => store.set({ view: { overlay: 'none' } }),
    },
  ];
}
