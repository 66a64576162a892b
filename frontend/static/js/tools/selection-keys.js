/** Keys for the selection: arrow keys move it, Esc deselects. */
/** @typedef {import('../editor/editor.js').Editor} Editor */
import { nudge, setSelection } from '../editor/selection.js';
import { ARROWS, FAR } from './caret.js';

/** Listens for the keys. @param {Editor} editor */
export function attachSelectionKeys(editor) {
  addEventListener('keydown', (event) => {
    const { key, shiftKey, ctrlKey, metaKey, altKey, target } = event;
    const busy = event.defaultPrevented || ctrlKey || metaKey || altKey || !editor.state.marks.selection;
    if (busy || target instanceof HTMLInputElement || document.querySelector('dialog[open], :popover-open')) return;
    if (key === 'Escape') return setSelection(editor, null);
    // A focused control uses the arrow keys itself; on the map they move the cursor.
    if (!ARROWS[key] || document.activeElement !== document.body || editor.state.tools.tool !== 'select') return;
    event.preventDefault();
    const [dx, dy] = ARROWS[key];
    nudge(editor, dx * (shiftKey ? FAR : 1), dy * (shiftKey ? FAR : 1));
  });
}
