/** How tools and commands change pixels of the maps: respecting locks, selection and symmetry. */
/** @typedef {import('./editor.js').Editor} Editor */
/** @typedef {import('./editor.js').Subject} Subject */
/** @typedef {import('../base/types.js').Point} Point */
/** @typedef {import('../maps/sweep.js').Span} Span */
import { UserError } from '../base/errors.js';
import { t } from '../base/i18n.js';
import { className } from '../maps/classes.js';
import { idCount } from '../maps/labelmap.js';

/**
 * Gets the selection.
 * @param {Subject} subject
 * @returns {Uint8Array|null} 1 on the selected pixels; null without a selection
 */
export function selected({ doc, state }) {
  const { selection } = state.marks;
  return selection?.width === doc.width && selection.mask.length === doc.labels.length ? selection.mask : null;
}

/**
 * Makes a test for pixels.
 * @param {Subject} subject
 * @returns {(index: number) => boolean} whether the label of a pixel may change: not locked, and inside the selection
 */
export function mayChange(subject) {
  const { labels } = subject.doc;
  const isLocked = locks(subject);
  const mask = selected(subject);
  return (i) => !isLocked[labels[i]] && (!mask || mask[i] === 1);
}

/**
 * Makes a table of the locked classes.
 * @param {Subject} subject
 * @returns {Uint8Array} [256 or 65536] 1 for locked classes
 */
export function locks({ doc, state }) {
  const table = new Uint8Array(idCount(doc.labels));
  for (const id of state.classes.locked) table[id] = 1;
  return table;
}

/**
 * Opens a step that changes labels. This changes the whole picture a little, so frozen pixels are released.
 * @param {Editor} editor
 * @param {string} name
 */
export function openLabels(editor, name) {
  editor.openStroke(name);
  editor.doc.frozen = null;
}

/**
 * Changes labels in one step, and releases frozen pixels.
 * @param {Editor} editor
 * @param {string} name
 * @param {() => void} change
 */
export function editLabels(editor, name, change) {
  editor.edit(name, () => {
    editor.doc.frozen = null;
    change();
  });
}

/**
 * Makes a pen that paints one class where labels may change.
 * @param {Subject} subject
 * @param {number} classId
 */
export function labelPen(subject, classId) {
  const { labels } = subject.doc;
  const free = mayChange(subject);
  let painted = false;
  let barred = -1;
  return {
    /** @param {number} i */
    paint: (i) => {
      if (labels[i] === classId) return;
      if (free(i)) labels[i] = classId;
      else barred = i;
      painted ||= labels[i] === classId;
    },
    /** @throws {UserError} if every pixel was locked or outside the selection */
    check: () => {
      if (painted || barred < 0) return;
      const name = className(subject.state.model, labels[barred]);
      if (locks(subject)[labels[barred]])
        throw new UserError(t('{name} is locked. Unlock it in the list of classes.', { name }));
      throw new UserError(t('That is outside the selection. Press Esc to deselect.'));
    },
  };
}

/**
 * Clips spans to the map.
 * @param {{width: number, height: number}} map
 * @param {(index: number) => void} paint
 * @returns {Span}
 */
export const within =
  ({ width, height }, paint) =>
  (y, from, to) => {
    if (y < 0 || y >= height) return;
    const end = y * width + Math.min(width, to);
    for (let i = y * width + Math.max(0, from); i < end; i++) paint(i);
  };

/**
 * Clips spans to the map and mirrors them.
 * @param {Subject} subject
 * @param {(index: number) => void} paint
 * @returns {Span}
 */
export function mirrored({ doc, state }, paint) {
  const { width, height } = doc;
  const { mirrorX, mirrorY } = state.tools;
  const row = within(doc, paint);
  return (y, from, to) => {
    for (const at of mirrorY ? [y, height - 1 - y] : [y]) {
      row(at, from, to);
      if (mirrorX) row(at, width - to, width - from);
    }
  };
}

/**
 * Finds the pixel at a point, and its mirror images.
 * @param {Subject} subject
 * @param {Point} point
 * @returns {number[]} their indices; none outside the map
 */
export function pixelsAt(subject, { x, y }) {
  /** @type {number[]} */
  const found = [];
  mirrored(subject, (i) => found.push(i))(Math.floor(y), Math.floor(x), Math.floor(x) + 1);
  return found;
}
