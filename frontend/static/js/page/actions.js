/**
 * The list of actions, from which the buttons, the keyboard shortcuts, the shortcuts dialog and the command palette are
 * made.
 */
/** @typedef {import('../base/types.js').State} State */
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
 * @returns {import('../base/types.js').Action[]}
 */
export function makeActions(studio) {
  return [
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
}
