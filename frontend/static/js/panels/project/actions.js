/** Actions of projects. */
/** @typedef {import('../../base/types.js').Action} Action */
import { find } from '../../base/dom.js';
import { chooseFile } from '../../base/download.js';
import { t } from '../../base/i18n.js';
import { idle } from '../../editor/when.js';

/**
 * Makes the actions that start, open, save, rename and share projects.
 * @param {{projects: import('./projects.js').Projects}} studio
 * @returns {Action[]}
 */
export function projectActions({ projects }) {
  /** @type {(id: string, name: string, icon: string, perform: () => void|Promise<void>, key?: string) => Action} */
  const action = (id, name, icon, perform, key) => ({ id, name, group: 'Projects', key, icon, enabled: idle, perform });
  const openFile = async () => {
    const file = await chooseFile('.oasis,.zip');
    if (file) await projects.open(file);
  };
  const rename = () => {
    find('#file-menu', HTMLElement).showPopover();
    find('#project-name', HTMLInputElement).select();
  };
  return [
    action('new-project', 'New project', 'plus', () => projects.begin()),
    action('open-project', 'Open a project', 'open', openFile, 'Ctrl+Shift+O'),
    action('save-project', 'Save the project', 'save', () => projects.save(), 'Ctrl+P'),
    action('rename-project', 'Rename the project', 'file', rename, 'F2'),
    {
      ...action('share-project', 'Share a link', 'copy', () => projects.share()),
      enabled: (state) => idle(state) && state.sharing > 0,
      obstacle: ({ sharing }) => (sharing ? null : t('This server does not store projects.')),
    },
  ];
}
