import { find, make } from '../base/dom.js';
import { TOOLS } from './tools.js';

/** Puts a button for each tool into the toolbar; `bindButtons` gives them their icons and actions. */
export function fillToolbar() {
  const buttons = TOOLS.map(({ id }) => make('button', { class: 'tool', 'data-action': id }));
  find('#tools', HTMLElement).prepend(...buttons);
}
