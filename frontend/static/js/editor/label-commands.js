/** Commands on all labels, or on the selected ones. Each is one undo step and leaves locked classes unchanged. */
/** @typedef {import('./editor.js').Editor} Editor */
import { t } from '../base/i18n.js';
import { toast } from '../base/toast.js';
import { newRegion } from '../document/noise.js';
import { reroll } from '../document/vectors.js';
import { className } from '../maps/classes.js';
import { mapLike } from '../maps/labelmap.js';
import { removeSpecks, smooth } from '../maps/tidy.js';
import { editLabels, mayChange, selected } from './pen.js';
import { applyPlan, planArea } from './reroll.js';
import { setSelection } from './selection.js';

/** A speck is smaller than this share of the map: 64 pixels of 256 x 256. */
const SPECK = 1 / 1024;

/**
 * Applies new labels where they may change.
 * @param {Editor} editor
 * @param {string} name  of the step
 * @param {import('../base/types.js').Labels} wanted  the new labels, ignoring locks and selection
 */
function relabel(editor, name, wanted) {
  const { labels } = editor.doc;
  const free = mayChange(editor);
  const changes = [...wanted.keys()].filter((i) => wanted[i] !== labels[i] && free(i));
  if (!changes.length) return toast(t('Nothing to change here.'));
  editLabels(editor, name, () => changes.forEach((i) => (labels[i] = wanted[i])));
}

/**
 * Replaces a class.
 * @param {Editor} editor
 * @param {number} from  class id
 * @param {number} to  class id
 * @param {boolean} swap  whether `to` becomes `from` as well
 */
export function replaceClass(editor, from, to, swap) {
  const names = { from: className(editor.state.model, from), to: className(editor.state.model, to) };
  const wanted = editor.doc.labels.map((id) => (id === from ? to : swap && id === to ? from : id));
  relabel(editor, swap ? t('Swap {from} and {to}', names) : t('Replace {from} with {to}', names), wanted);
}

/**
 * Fills everything, or the selection, with a class.
 * @param {Editor} editor
 * @param {string} name  of the step
 * @param {number} classId
 */
export function fillAll(editor, name, classId) {
  relabel(editor, name, mapLike(editor.doc.labels).fill(classId));
}

/** Smooths the edges between classes. @param {Editor} editor */
export function smoothEdges(editor) {
  relabel(editor, t('Smooth edges'), smooth(editor.doc.labels, editor.doc.width));
}

/** Removes small areas. @param {Editor} editor */
export function removeAllSpecks(editor) {
  const { labels, width } = editor.doc;
  relabel(editor, t('Remove specks'), removeSpecks(labels, width, labels.length * SPECK, mayChange(editor)));
}

/**
 * Makes a noise region from the selection.
 * @param {Editor} editor
 * @throws {UserError} if all region ids are taken
 */
export async function regionOfSelection(editor) {
  const mask = selected(editor);
  const { doc, state } = editor;
  if (mask)
    await applyPlan(editor, () => planArea(editor, mask, newRegion(doc.noise, null, reroll(doc.noise, state.reroll))));
}

/**
 * Changes the selection pixel by pixel.
 * @param {Editor} editor
 * @param {(selected: number, index: number) => boolean} inside  whether a pixel is selected then
 */
export function selectWhere(editor, inside) {
  const { labels } = editor.doc;
  const old = selected(editor) ?? new Uint8Array(labels.length);
  setSelection(
    editor,
    old.map((was, i) => Number(inside(was, i))),
  );
}

/**
 * Locks or hides a class, or reverts that.
 * @param {Editor} editor
 * @param {'locked'|'hidden'} flag
 * @param {number} classId
 */
export function toggleFlag({ store }, flag, classId) {
  const flagged = store.state.classes[flag];
  store.set({
    classes: { [flag]: flagged.includes(classId) ? flagged.filter((id) => id !== classId) : [...flagged, classId] },
  });
}
