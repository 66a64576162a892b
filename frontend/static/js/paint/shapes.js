/** Tools that draw an outline and fill it with the class at the end. */
/** @typedef {import('../types.js').Point} Point */
/** @typedef {import('../editor.js').Editor} Editor */
/** @typedef {import('./brush.js').Span} Span */
/** @typedef {import('./tools.js').Sample} Sample */
/** @typedef {import('./tools.js').Gesture} Gesture */
/** @typedef {import('./tools.js').Tool} Tool */
/** @typedef {import('../labelmap.js').Rectangle} Rectangle */
import { t } from '../i18n.js';
import { editLabels, labelPen, mirrored } from './pen.js';
import * as raster from './raster.js';

/**
 * @param {Editor} editor
 * @param {(span: Span) => void} rows  of the area
 */
function paintArea(editor, rows) {
  const { classId } = editor.state;
  const { paint, check } = labelPen(editor, classId);
  editLabels(editor, t('Paint {name}', { name: editor.className(classId) }), () => rows(mirrored(editor, paint)));
  check();
}

/** @type {Tool} */
export const lasso = (editor, start) => {
  const points = [start];
  const band = new Path2D();
  band.moveTo(start.x, start.y);
  return {
    move: (samples) => {
      points.push(...samples);
      for (const { x, y } of samples) band.lineTo(x, y);
      editor.store.set({ band: new Path2D(band) });
    },
    end: () => paintArea(editor, (span) => raster.polygon(points, span)),
  };
};

/** @type {Tool} */
export const polygon = (editor, start) => {
  /** @type {Point[]} */
  const points = [];
  let closed = false;
  /** @param {Sample} sample */
  const next = (sample) => (sample.shift && points.length ? turned(points[points.length - 1], sample) : sample);
  /** @param {Point} [tip]  where the pointer is */
  const show = (tip) => {
    const path = new Path2D();
    for (const { x, y } of tip ? [...points, tip] : points) path.lineTo(x, y);
    // The point that closes it.
    const [{ x, y }] = points;
    if (points.length > 2) path.rect(x - start.reach, y - start.reach, 2 * start.reach, 2 * start.reach);
    editor.store.set({ band: path });
  };
  const finish = () => {
    if (points.length > 2) paintArea(editor, (span) => raster.polygon(points, span));
  };
  /** @param {Sample} sample */
  const press = (sample) => {
    const point = next(sample);
    const last = points[points.length - 1];
    closed = points.length > 1 && [points[0], last].some((each) => distance(each, sample) <= sample.reach);
    if (!closed) points.push(point);
    show();
  };
  press(start);
  return {
    press,
    hover: (sample) => show(next(sample)),
    end: () => {
      if (closed) finish();
      return !closed;
    },
    key: (key) => {
      if (key === 'Enter') finish();
      else points.pop();
      if (key === 'Enter' || !points.length) return true;
      show();
      return false;
    },
  };
};

/**
 * @param {Point} a
 * @param {Point} b
 */
const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);

/**
 * @param {Point} from
 * @param {Point} to
 * @returns {Point} as far away, at the nearest multiple of 45 degrees
 */
function turned(from, to) {
  const angle = (Math.round((4 * Math.atan2(to.y - from.y, to.x - from.x)) / Math.PI) * Math.PI) / 4;
  const length = distance(from, to);
  return { x: from.x + length * Math.cos(angle), y: from.y + length * Math.sin(angle) };
}

/**
 * A box dragged from pixel to pixel: Shift makes its sides equal, Alt its start the center, Space moves it.
 * @param {Editor} editor
 * @param {Sample} start
 * @param {boolean} round
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
      editor.store.set({ band: outline(box, round) });
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

/** @type {(round: boolean) => Tool} */
const boxTool = (round) => (editor, start) =>
  dragBox(editor, start, round, (box) => paintArea(editor, (span) => raster.box(box, round, span)));

export const rectangle = boxTool(false);
export const ellipse = boxTool(true);
