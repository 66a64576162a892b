/**
 * The list of actions, from which the buttons, the keyboard shortcuts, the shortcuts dialog and the command palette are
 * made.
 */
/** @typedef {import('../base/types.js').Action} Action */
import { classActions } from '../panels/classes/actions.js';
import { selectActions } from '../panels/classes/edit-actions.js';
import { fileActions } from '../panels/export/actions.js';
import { noiseActions } from '../panels/noise/actions.js';
import { photoActions } from '../panels/photo/actions.js';
import { projectActions } from '../panels/project/actions.js';
import { timelineActions } from '../panels/timeline/actions.js';
import { toolActions } from '../tools/actions.js';
import { editActions } from './edit-actions.js';
import { viewActions } from './view-actions.js';

/**
 * @typedef {object} Studio  The parts of the page that actions use.
 * @property {import('../editor/editor.js').Editor} editor
 * @property {import('./view.js').View} view
 * @property {import('./stage.js').Stage} stage
 * @property {import('../panels/project/projects.js').Projects} projects
 * @property {import('../panels/timeline/timeline.js').Timeline} timeline
 * @property {import('../panels/noise/variations.js').Variations} variations
 * @property {import('../panels/photo/recreations.js').Recreations} recreations
 * @property {import('../panels/photo/receive.js').Receiver} receiver
 * @property {() => void} saveSet  opens the dialog for an augmentation set
 * @property {() => void} findClass  focuses the search of the class list
 * @property {() => void} showShortcuts  opens the shortcuts dialog
 * @property {() => void} showCommands  opens the command palette
 */

/**
 * Makes all actions.
 * @param {Studio} studio
 * @returns {Action[]}
 * @throws {Error} if two of them have the same id or the same default key
 */
export function makeActions(studio) {
  const actions = [
    toolActions,
    editActions,
    selectActions,
    noiseActions,
    timelineActions,
    classActions,
    photoActions,
    projectActions,
    fileActions,
    viewActions,
  ].flatMap((part) => part(studio));
  requireUnique(actions);
  return actions;
}

/**
 * Checks that each action has an id and a default key of its own. A key runs one action, and the keys that a user
 * chose are stored by id.
 * @param {Pick<Action, 'id'|'name'|'key'>[]} actions
 * @throws {Error} naming both actions
 */
export function requireUnique(actions) {
  /** @type {Map<string, string>} */
  const names = new Map();
  /** @type {Map<string, string>} */
  const holders = new Map();
  for (const { id, name, key } of actions) {
    if (names.has(id)) {
      throw new Error(`The actions '${names.get(id)}' and '${name}' have the same id, '${id}': give one another id.`);
    }
    names.set(id, name);
    if (!key) continue;
    if (holders.has(key)) {
      throw new Error(`The actions '${holders.get(key)}' and '${id}' have the same key, ${key}: give one another key.`);
    }
    holders.set(key, id);
  }
}
