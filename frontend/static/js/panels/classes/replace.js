/** The dialog that replaces a class with another, or swaps the two. */
/** @typedef {import('../../editor/editor.js').Editor} Editor */
import { find, make } from '../../base/dom.js';
import { replaceClass } from '../../editor/label-commands.js';
import { tally } from '../../maps/labelmap.js';

/**
 * Connects the dialog.
 * @param {Editor} editor
 * @returns {() => void} opens it
 */
export function attachReplace(editor) {
  const dialog = find('#replace', HTMLDialogElement);
  const from = find('#replace-from', HTMLSelectElement);
  const to = find('#replace-to', HTMLSelectElement);
  dialog.addEventListener('submit', ({ submitter }) => {
    const how = submitter?.getAttribute('value');
    if (how) replaceClass(editor, Number(from.value), Number(to.value), how === 'swap');
  });
  return () => {
    const { model } = editor.state;
    const { classId } = editor.state.classes;
    const counts = tally(editor.doc.labels);
    const classes = model?.classes ?? [];
    const used = classes.filter(({ id }) => counts[id]);
    /** @type {(select: HTMLSelectElement, options: typeof classes) => void} */
    const fill = (select, options) =>
      select.replaceChildren(...options.map(({ id, name }) => make('option', { value: String(id) }, name)));
    fill(from, used);
    fill(to, classes);
    to.value = String(classId);
    // The most likely choice: the most frequent class except the current one.
    const others = used.filter(({ id }) => id !== classId).sort((a, b) => counts[b.id] - counts[a.id]);
    if (others.length) from.value = String(others[0].id);
    dialog.showModal();
  };
}
