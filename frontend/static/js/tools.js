/**
 * What a pointer does on the map. A tool begins with the first point, moves
 * through more and ends; one gesture is one undo step.
 */
/** @typedef {import('./types.js').Point} Point */
/** @typedef {import('./editor.js').Editor} Editor */
import { snap, sweep } from './brush.js';
import { coverOf } from './keep.js';
import { floodFill } from './labelmap.js';

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

/**
 * Paints what the round brush of now covers between two points.
 * @param {Editor} editor
 * @param {Point} from
 * @param {Point} to
 * @param {(index: number) => void} paint
 */
function dab({ doc, state: { size } }, from, to, paint) {
  sweep(doc.width, doc.height, snap(from, size), snap(to, size), size, paint);
}

/**
 * A stroke of one class. The picture changes everywhere a little, so kept pixels go.
 * @param {Editor} editor
 * @param {Point} start
 * @param {string} name
 * @param {number} classId
 */
function labelStroke(editor, start, name, classId) {
  const { doc } = editor;
  editor.openStroke(name);
  doc.kept = null;
  return stroke(editor, start, (a, b) => dab(editor, a, b, (i) => (doc.labels[i] = classId)));
}

/** @type {Tool} */
const brush = (editor, start) => {
  const { classId } = editor.state;
  return labelStroke(editor, start, `Paint ${editor.className(classId)}`, classId);
};

/** @type {Tool} */
const eraser = (editor, start) => labelStroke(editor, start, 'Erase', editor.blankId);

/** @type {Tool} */
const fill = (editor, start) => {
  if (editor.classAt(start) === null) return null;
  const { doc, state } = editor;
  editor.openStroke(`Fill with ${editor.className(state.classId)}`);
  doc.kept = null;
  floodFill(doc.labels, doc.width, Math.floor(start.x), Math.floor(start.y), state.classId);
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
    const { regions } = editor.doc;
    const id = editor.regionForStroke();
    const cover = coverOf(regions, id);
    const { version } = editor.state;
    /** @type {ImageData|null} */
    let base = null;
    /** @param {number} i */
    const grow = (i) => (regions[i] = id) && (cover[i] = 1);
    /** @param {number} i */
    const cut = (i) => regions[i] === id && (regions[i] = 0);
    return stroke(editor, start, (a, b) => {
      // The picture of before may still be on its way when the stroke begins.
      base ??= editor.keepBase(cover, version);
      dab(editor, a, b, subtract ? cut : grow);
      editor.keep(cover, base);
    });
  } catch (error) {
    editor.cancelStroke();
    throw error;
  }
};

/** @type {Record<Exclude<import('./types.js').ToolId, 'hand'>, Tool>} */
export const TOOLS = { brush, eraser, fill, pick, region };
