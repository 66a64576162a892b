/**
 * What a pointer does on the map. A tool begins with the first point, moves
 * through more and ends; one gesture is one undo step.
 */
/** @typedef {import('../types.js').ToolId} ToolId */
/** @typedef {import('../editor.js').Editor} Editor */
import { t } from '../i18n.js';
import { carryOut, planObject } from '../reroll.js';
import { toastError } from '../toast.js';
import { fillArea } from './fill.js';
import { editLabels, labelPen, pixelsAt } from './pen.js';
import { select } from './select.js';
import { ellipse, lasso, polygon, rectangle } from './shapes.js';
import { brush, eraser, region } from './strokes.js';

/**
 * @typedef {object} Hold  How the pointer is held.
 * @property {number} pressure  0..1 of a pen, 1 of all others
 * @property {boolean} shift
 * @property {boolean} alt
 * @property {boolean} space
 * @property {number} reach  pixels of the map within which a hand hits a point
 *
 * @typedef {import('../types.js').Point & Hold} Sample  One moment of the pointer.
 */

/**
 * @typedef {object} Gesture  A gesture under way. Each of these may throw an Error fit for people.
 * @property {(samples: Sample[]) => void} [move]  while the pointer is down
 * @property {() => boolean|void} end  the pointer is lifted; true if the gesture goes on with more presses
 * @property {() => void} [cancel]  what is to be done besides giving the open step and the rubber band up
 * @property {(sample: Sample) => void} [press]  the pointer comes down again
 * @property {(sample: Sample) => void} [hover]  it moves while it is up
 * @property {(key: string) => boolean} [key]  'Enter' or 'Backspace' while it is up; true ends the gesture
 * @property {boolean} [instant]  done with the press: nothing to drag
 */

/** @typedef {(editor: Editor, start: Sample) => Gesture|null} Tool */

/** @type {Tool} */
const fill = (editor, start) => {
  const pixels = pixelsAt(editor, start);
  if (!pixels.length) return null;
  const end = () => {
    const { doc, state } = editor;
    const { labels, width } = doc;
    const areas = pixels.map((at) => {
      return start.shift ? labels.map((id) => (id === labels[at] ? 1 : 0)) : fillArea(labels, width, at, state.gap);
    });
    const { paint, check } = labelPen(editor, state.classId);
    editLabels(editor, t('Fill with {name}', { name: editor.className(state.classId) }), () => {
      for (const area of areas) area.forEach((inside, i) => inside && paint(i));
    });
    check();
  };
  return { instant: true, end };
};

/** @type {Tool} */
const sample = (editor, start) => {
  /** @param {Sample[]} samples */
  const move = (samples) => {
    const classId = editor.classAt(samples[samples.length - 1]);
    if (classId !== null && classId !== editor.state.model?.ignore_id) editor.store.set({ classId });
  };
  move([start]);
  return { instant: true, move, end: () => {} };
};

/** @type {Tool} */
const pick = (editor, start) => {
  const gesture = sample(editor, start);
  return gesture && { ...gesture, end: () => editor.store.set({ tool: 'brush' }) };
};

/** The object under the pointer as a noise region. @type {Tool} */
const object = (editor, start) => {
  if (editor.classAt(start) === null) return null;
  const end = () => void carryOut(editor, () => planObject(editor, start)).catch(toastError);
  return { instant: true, end };
};

/** Asks what the object is. @type {Tool} */
const fix = (editor, start) => {
  const at = Math.floor(start.y) * editor.doc.width + Math.floor(start.x);
  if (editor.classAt(start) === null) return null;
  const end = () => editor.store.set({ fix: { at, part: start.shift } });
  return { instant: true, end };
};

/** @type {Record<Exclude<ToolId, 'hand'>, Tool>} */
const TOOLS = { brush, eraser, fill, lasso, polygon, rectangle, ellipse, pick, select, region, fix };

/** Those that paint the class in hand: choosing one leaves them in hand, and Alt picks one. @type {readonly ToolId[]} */
const PAINTS = ['brush', 'fill', 'lasso', 'polygon', 'rectangle', 'ellipse'];

/** Those that paint and are mirrored. @type {readonly ToolId[]} */
export const MIRRORED = [...PAINTS, 'eraser', 'region'];

/**
 * @param {ToolId} tool
 * @returns {ToolId} one that paints a class
 */
export const painting = (tool) => (PAINTS.includes(tool) || tool === 'select' ? tool : 'brush');

/**
 * @param {Editor} editor
 * @param {Sample} start
 * @param {ToolId} id
 * @returns {Gesture|null}
 */
export function begin(editor, start, id) {
  // With a box, Alt means: from the center.
  const picks = start.alt && (id === 'eraser' || PAINTS.includes(id)) && id !== 'rectangle' && id !== 'ellipse';
  if (id === 'hand') return null;
  if (id === 'region' && start.alt) return object(editor, start);
  return (picks ? sample : TOOLS[id])(editor, start);
}
