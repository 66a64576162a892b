/** Actions that edit the selection or all labels. */
/** @typedef {import('../../base/types.js').Action} Action */
/** @typedef {import('../../base/types.js').State} State */
import { t } from '../../base/i18n.js';
import * as commands from '../../editor/label-commands.js';
import { removeSelected, setSelection } from '../../editor/selection.js';
import { hasModel, idle } from '../../editor/when.js';
import { attachReplace } from './replace.js';

/**
 * Makes these actions.
 * @param {{editor: import('../../editor/editor.js').Editor}} studio
 * @returns {Action[]}
 */
export function selectActions({ editor }) {
  const { store } = editor;
  const openReplace = attachReplace(editor);

  /** @param {State} state */
  const chosen = (state) => idle(state) && state.marks.selection !== null;

  /** @type {(id: string, name: string, more: Partial<Action> & {perform: Action['perform']}) => Action} */
  const command = (id, name, more) => ({ id, name, group: 'Edit', enabled: idle, ...more });

  /** @type {(id: string, name: string, more: Partial<Action> & {perform: Action['perform']}) => Action} */
  const onSelection = (id, name, more) => ({
    ...command(id, name, more),
    group: 'Selection',
    enabled: chosen,
    obstacle: (state) => (state.marks.selection ? null : t('Select something first.')),
  });

  /** @type {(id: string, name: string, flag: 'locked'|'hidden', key: string, icon: string) => Action} */
  const toggle = (id, name, flag, key, icon) => ({
    id,
    name,
    group: 'Classes',
    key,
    icon,
    enabled: hasModel,
    pressed: (state) => state.classes[flag].includes(state.classes.classId),
    perform: () => commands.toggleFlag(editor, flag, store.state.classes.classId),
  });

  return [
    command('select-all', 'Select all', {
      group: 'Selection',
      key: 'Ctrl+A',
      perform: () => commands.selectWhere(editor, () => true),
    }),
    command('select-class', 'Select all of the class', {
      group: 'Selection',
      key: 'Shift+A',
      perform: () => commands.selectWhere(editor, (_, i) => editor.doc.labels[i] === store.state.classes.classId),
    }),
    command('invert-selection', 'Invert the selection', {
      group: 'Selection',
      key: 'Shift+I',
      icon: 'invert',
      perform: () => commands.selectWhere(editor, (was) => !was),
    }),
    onSelection('deselect', 'Deselect', {
      key: 'Ctrl+Shift+A',
      icon: 'close',
      perform: () => setSelection(editor, null),
    }),
    onSelection('fill-selection', 'Fill the selection with the class', {
      key: 'Shift+F',
      icon: 'fill',
      perform: () => commands.fillAll(editor, t('Fill the selection'), store.state.classes.classId),
    }),
    onSelection('remove-selection', 'Remove the selected pixels', {
      key: 'Delete',
      icon: 'remove',
      perform: () => removeSelected(editor),
    }),
    onSelection('region-selection', 'New noise region from the selection', {
      icon: 'region',
      perform: () => commands.regionOfSelection(editor),
    }),

    command('replace-class', 'Replace or swap classes', { key: 'X', perform: openReplace }),
    command('smooth-edges', 'Smooth edges', { key: 'M', perform: () => commands.smoothEdges(editor) }),
    command('specks', 'Remove specks', { key: 'Shift+M', perform: () => commands.removeAllSpecks(editor) }),
    command('clear', 'Clear the label map', { perform: () => commands.fillAll(editor, t('Clear'), editor.blankId) }),

    toggle('lock-class', 'Lock the class', 'locked', 'Shift+K', 'lock'),
    toggle('hide-class', 'Hide the class', 'hidden', 'Shift+H', 'eye-off'),
  ];
}
