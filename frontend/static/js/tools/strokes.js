/** Brush strokes. */
/** @typedef {import('./tool.js').Sample} Sample */
/** @typedef {import('./tool.js').Gesture} Gesture */
/** @typedef {import('../editor/editor.js').Editor} Editor */
import { labelPen, mirrored, openLabels } from '../editor/pen.js';
import { snap, sweep } from '../maps/sweep.js';

/** The end of the last stroke on each document, where a straight line starts. @type {WeakMap<object, Sample>} */
const ends = new WeakMap();

/**
 * Starts a stroke within the open step.
 * @param {Editor} editor
 * @param {Sample} start  with Shift, a straight line from the end of the last stroke
 * @param {(from: Sample, to: Sample) => void} paint
 * @param {() => void} [check]  called at the end
 * @returns {Gesture}
 */
export function stroke(editor, start, paint, check) {
  const { doc } = editor;
  const from = start.shift ? ends.get(doc) : undefined;
  let last = from ? { ...from, pressure: start.pressure } : start;
  /** @param {Sample[]} samples */
  const move = (samples) => {
    if (!doc.isOpen) return;
    for (const sample of samples) {
      paint(last, sample);
      last = sample;
    }
    ends.set(doc, last);
    editor.strokeChanged();
  };
  move([start]);
  const end = () => {
    editor.closeStroke();
    check?.();
  };
  return { move, end };
}

/**
 * Paints the pixels the brush covers between two points, and their mirror images.
 * @param {Editor} editor
 * @param {Sample} from
 * @param {Sample} to
 * @param {(index: number) => void} paint
 */
export function dab(editor, from, to, paint) {
  const { size, square, pressure } = editor.state.tools;
  /** @param {Sample} sample */
  const sized = (sample) => (pressure ? Math.max(1, Math.round(size * sample.pressure)) : size);
  const [first, last] = [sized(from), sized(to)];
  const span = mirrored(editor, paint);
  // Where the pressure changes, the brush grows or shrinks pixel by pixel.
  const steps = Math.max(1, Math.abs(last - first));
  /** @param {number} share */
  const at = (share) => ({ x: from.x * (1 - share) + to.x * share, y: from.y * (1 - share) + to.y * share });
  for (let step = 0; step < steps; step++) {
    const now = first + Math.sign(last - first) * (step + 1);
    sweep(snap(at(step / steps), now), snap(at((step + 1) / steps), now), now, square, span);
  }
}

/**
 * Starts a stroke that paints a class.
 * @param {Editor} editor
 * @param {Sample} start
 * @param {string} name  of the step
 * @param {number} classId
 */
export function labelStroke(editor, start, name, classId) {
  openLabels(editor, name);
  const { paint, check } = labelPen(editor, classId);
  return stroke(editor, start, (a, b) => dab(editor, a, b, paint), check);
}
