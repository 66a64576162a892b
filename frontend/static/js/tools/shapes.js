/** What tools that fill shapes have in common. */
/** @typedef {import('../base/types.js').Point} Point */
/** @typedef {import('../editor/editor.js').Editor} Editor */
/** @typedef {import('../maps/labelmap.js').Rectangle} Rectangle */
/** @typedef {import('../maps/sweep.js').Span} Span */
/** @typedef {import('./tool.js').Sample} Sample */
/** @typedef {import('./tool.js').Gesture} Gesture */
import { t } from '../base/i18n.js';
import { editLabels, labelPen, mirrored } from '../editor/pen.js';
import { className } from '../maps/classes.js';

/**
 * Fills an area with the current class.
 * @param {Editor} editor
 * @param {(span: Span) => void} rows  emits the rows of the area
 */
export function paintArea(editor, rows) {
  const { classId } = editor.state.classes;
  const { paint, check } = labelPen(editor, classId);
  editLabels(editor, t('Paint {name}', { name: className(editor.state.model, classId) }), () =>
    rows(mirrored(editor, paint)),
  );
  check();
}

/**
 * The Euclidean distance.
 * @param {Point} a
 * @param {Point} b
 */
export const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);

/**
 * Drags a box from pixel to pixel. Shift makes its sides equal, Alt makes the start its center, Space moves it.
 * @param {Editor} editor
 * @param {Sample} start
 * @param {boolean} round  show an ellipse
 * @param {(box: Rectangle, dragged: boolean) => void} done
 * @returns {Gesture}
 */
export function dragBox(editor, start, round, done) {
  let anchor = pixel(start);
  let tip = anchor;
  let box = boxOf(anchor, anchor, start);
  let dragged = false;
  return {
    move: (samples) => {
      const sample = samples[samples.length - 1];
      const now = pixel(sample);
      dragged ||= distance(start, sample) > sample.reach / 2 || distance(now, tip) > 0;
      if (sample.space) anchor = { x: anchor.x + now.x - tip.x, y: anchor.y + now.y - tip.y };
      tip = now;
      box = boxOf(anchor, tip, sample);
      editor.store.set({ marks: { band: outline(box, round) } });
    },
    end: () => done(box, dragged),
  };
}

/** @param {Point} point */
const pixel = ({ x, y }) => ({ x: Math.floor(x), y: Math.floor(y) });

/**
 * @param {Point} from  whole pixels
 * @param {Point} to
 * @param {Sample} sample
 * @returns {Rectangle} around both pixels
 */
function boxOf(from, to, { shift, alt }) {
  let [dx, dy] = [to.x - from.x, to.y - from.y];
  const side = Math.max(Math.abs(dx), Math.abs(dy));
  if (shift) [dx, dy] = [dx < 0 ? -side : side, dy < 0 ? -side : side];
  const [left, top] = [from.x + Math.min(dx, alt ? -dx : 0), from.y + Math.min(dy, alt ? -dy : 0)];
  const times = alt ? 2 : 1;
  return { left, top, width: times * Math.abs(dx) + 1, height: times * Math.abs(dy) + 1 };
}

/**
 * @param {Rectangle} box
 * @param {boolean} round
 */
function outline({ left, top, width, height }, round) {
  const path = new Path2D();
  if (round) path.ellipse(left + width / 2, top + height / 2, width / 2, height / 2, 0, 0, 2 * Math.PI);
  else path.rect(left, top, width, height);
  return path;
}
