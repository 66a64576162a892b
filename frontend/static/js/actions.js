/**
 * Every action is one data object. The buttons, the keyboard and the shortcut
 * sheet are all made from this list.
 */
/** @typedef {import('./types.js').State} State */
import { classActions } from './actions/classes.js';
import { editActions } from './actions/edit.js';
import { fileActions } from './actions/files.js';
import { noiseActions } from './actions/noise.js';
import { selectActions } from './actions/select.js';
import { timelineActions } from './actions/timeline.js';
import { photoActions } from './actions/photo.js';
import { projectActions } from './actions/projects.js';
import { toolActions } from './actions/tools.js';
import { viewActions } from './actions/view.js';

/**
 * @typedef {object} Action
 * @property {string} id
 * @property {string} name  for people: tooltip, accessible name, shortcut sheet
 * @property {string} group  in the shortcut sheet
 * @property {string} [key]  'B', 'Shift+R', 'Ctrl+Z', '['
 * @property {string} [icon]  a symbol of the page's sprite
 * @property {(state: State) => boolean} [enabled]
 * @property {(state: State) => string|null} [obstacle]  why it is not enabled, where that needs saying
 * @property {(state: State) => boolean} [pressed]  for actions that are switched on
 * @property {() => void|Promise<void>} perform
 * @property {() => void} [release]  of an action that lasts as long as its key or button is held
 */

/**
 * @typedef {object} Studio  What actions act on.
 * @property {import('./editor.js').Editor} editor
 * @property {import('./view.js').View} view
 * @property {import('./stage.js').Stage} stage
 * @property {import('./project/projects.js').Projects} projects
 * @property {import('./timeline/timeline.js').Timeline} timeline
 * @property {import('./noise/variations.js').Variations} variations
 * @property {import('./photo/recreations.js').Recreations} recreations
 * @property {import('./photo/receive.js').Receiver} receiver
 * @property {() => void} saveSet  asks for an augmentation set
 * @property {() => void} findClass
 * @property {() => void} showSheet
 * @property {() => void} showCommands
 */

/**
 * @param {Studio} studio
 * @returns {Action[]}
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
