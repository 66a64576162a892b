/**
 * What a pointer does on the map. A tool begins with the first point, moves
 * through more and ends; one gesture is one undo step.
 */
/** @typedef {import('./types.js').Point} Point */
/** @typedef {import('./editor.js').Editor} Editor */
import { coverOf } from './keep.js';

/**
 * @typedef {object} Gesture  A gesture under way.
 * @property {(points: Point[]) => void} move
 * @property {() => void} end
 * @property {() => void} cancel
 */

/** @typedef {(editor: Editor, start: Point) => Gesture|null} Tool */

/**
 * A stroke within the open step.
 * @param {Editor} editor
 * @param {Point} start
 * @param {(from: Point, to: Point) => void} paint
 * @returns {Gesture}
 */
function stroke(editor, start, paint) {
  let last = start;
  /** @param {Point[]} points */
  const move = (points) => {
    if (!editor.doc.isOpen) return;
    for (const point of points) {
      paint(last, point);
      last = point;
    }
    editor.strokeChanged();
  };
  move([start]);
  return { move, end: () => editor.closeStroke(), cancel: () => editor.cancelStroke() };
}

/** @type {Tool} */
const brush = (editor, start) => {
  const { classId } = editor.state;
  editor.openStroke(`Paint ${editor.className(classId)}`);
  return stroke(editor, start, (a, b) => editor.paintLabels(a, b, classId));
};

/** @type {Tool} */
const eraser = (editor, start) => {
  editor.openStroke('Erase');
  return stroke(editor, start, (a, b) => editor.paintLabels(a, b, editor.blankId));
};

/** @type {Tool} */
const fill = (editor, start) => {
  if (editor.classAt(start) === null) return null;
  const { classId } = editor.state;
  editor.openStroke(`Fill with ${editor.className(classId)}`);
  editor.fill(start, classId);
  editor.strokeChanged();
  return { move: () => {}, end: () => editor.closeStroke(), cancel: () => editor.cancelStroke() };
};

/** @type {Tool} */
const pick = (editor, start) => {
  /** @param {Point[]} points */
  const move = (points) => {
    const classId = editor.classAt(points[points.length - 1]);
    if (classId !== null && classId !== editor.blankId) editor.store.set({ classId });
  };
  move([start]);
  return { move, end: () => editor.store.set({ tool: 'brush' }), cancel: () => {} };
};

/** @type {Tool} */
const region = (editor, start) => {
  const { subtract, regionId } = editor.state;
  if (subtract && regionId === null) return null;
  editor.openStroke(subtract ? 'Cut from a noise region' : 'Brush a noise region');
  try {
    const id = editor.regionForStroke();
    const cover = coverOf(editor.doc.regions, id);
    const base = editor.keepBase(cover);
    return stroke(editor, start, (a, b) => {
      if (subtract) editor.cutRegion(a, b, id);
      else editor.growRegion(a, b, id, cover);
      editor.keep(cover, base);
    });
  } catch (error) {
    editor.cancelStroke();
    throw error;
  }
};

/** @type {Record<Exclude<import('./types.js').ToolId, 'hand'>, Tool>} */
export const TOOLS = { brush, eraser, fill, pick, region };
