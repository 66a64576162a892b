/** Fills a polygon drawn click by click. */
/** @typedef {import('../base/types.js').Point} Point */
/** @typedef {import('./tool.js').Sample} Sample */
import * as raster from '../maps/raster.js';
import { pickClass } from './pick.js';
import { distance, paintArea } from './shapes.js';

/** @type {import('./tool.js').Begin} */
const begin = (editor, start) => {
  /** @type {Point[]} */
  const points = [];
  let closed = false;
  /** @param {Sample} sample */
  const next = (sample) => (sample.shift && points.length ? turned(points[points.length - 1], sample) : sample);
  /** @param {Point} [tip]  the position of the pointer */
  const show = (tip) => {
    const path = new Path2D();
    for (const { x, y } of tip ? [...points, tip] : points) path.lineTo(x, y);
    // The point that closes the polygon.
    const [{ x, y }] = points;
    if (points.length > 2) path.rect(x - start.reach, y - start.reach, 2 * start.reach, 2 * start.reach);
    editor.store.set({ marks: { band: path } });
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
 * @param {Point} from
 * @param {Point} to
 * @returns {Point} at the same distance, in the nearest direction that is a multiple of 45 degrees
 */
function turned(from, to) {
  const angle = (Math.round((4 * Math.atan2(to.y - from.y, to.x - from.x)) / Math.PI) * Math.PI) / 4;
  const length = distance(from, to);
  return { x: from.x + length * Math.cos(angle), y: from.y + length * Math.sin(angle) };
}

/** @type {import('./tool.js').Tool<'polygon'>} */
export const polygon = {
  id: 'polygon',
  name: 'Polygon',
  key: 'Y',
  options: ['symmetry'],
  hint: 'Enter closes, Esc cancels',
  usesClass: true,
  begin,
  beginWithAlt: pickClass,
};
