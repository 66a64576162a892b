/** The toolbar. */
import { find, make } from '../base/dom.js';
import { TOOLS } from './tools.js';

/** Adds a button for each tool; `bindButtons` gives them icons and actions. */
export function fillToolbar() {
  const buttons = TOOLS.map(({ id }) => make('button', { class: 'tool', 'data-action': id }));
  find('#tools', HTMLElement).prepend(...buttons);
}
