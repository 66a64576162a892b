/** Keys of the selection: arrows move it, Esc drops it. */
/** @typedef {import('../editor/editor.js').Editor} Editor */
import { nudge, setSelection } from '../editor/selection.js';
import { ARROWS, FAR } from './caret.js';

/** @param {Editor} editor */
export function attachSelectionKeys(editor) {
  addEventListener('keydown', (event) => {
    const { key, shiftKey, ctrlKey, metaKey, altKey, target } = event;
    const busy = event.defaultPrevented || ctrlKey || metaKey || altKey || !editor.state.marks.selection;
    if (busy || target instanceof HTMLInputElement || document.querySelector('dialog[open], :popover-open')) return;
    if (key === 'Escape') return setSelection(editor, null);
    // On a control arrows are its own, on the map they move the cursor.
    if (!ARROWS[key] || document.activeElement !== document.body || editor.state.tools.tool !== 'select') return;
    event.preventDefault();
    const [dx, dy] = ARROWS[key];
    nudge(editor, dx * (shiftKey ? FAR : 1), dy * (shiftKey ? FAR : 1));
  });
}
