/** Selects objects and boxes, and moves the selected pixels. */
/** @typedef {import('../editor/editor.js').Editor} Editor */
/** @typedef {import('./tool.js').Sample} Sample */
/** @typedef {import('./tool.js').Gesture} Gesture */
import { selected, within } from '../editor/pen.js';
import { combine, lift, setSelection } from '../editor/selection.js';
import { connected } from '../maps/labelmap.js';
import * as raster from '../maps/raster.js';
import { dragBox } from './shapes.js';

/** @type {import('./tool.js').Begin} */
const begin = (editor, start) => {
  const mask = selected(editor);
  const at = indexAt(editor, start);
  if (mask?.[at] && !start.shift && !start.alt) return moving(editor, start, mask);
  // Here, Shift and Alt combine the box with the selection instead of changing its shape.
  /** @param {Sample} sample */
  const plain = (sample) => ({ ...sample, shift: false, alt: false });
  const drag = dragBox(editor, plain(start), false, (box, dragged) => {
    if (!dragged) return click(editor, start);
    const area = new Uint8Array(editor.doc.labels.length);
    raster.box(
      box,
      false,
      within(editor.doc, (i) => (area[i] = 1)),
    );
    combine(editor, area, start);
  });
  return { ...drag, move: (samples) => drag.move?.(samples.map(plain)) };
};

/**
 * Selects the clicked object: the connected area of its class.
 * @param {Editor} editor
 * @param {Sample} start
 */
function click(editor, start) {
  const at = indexAt(editor, start);
  const {
    doc: { labels, width },
    state: { model },
  } = editor;
  if (at >= 0 && labels[at] !== model?.ignore_id) combine(editor, connected(labels, width, at), start);
  else if (!start.shift && !start.alt) setSelection(editor, null);
}

/**
 * Moves the selected pixels; without movement it is a click.
 * @param {Editor} editor
 * @param {Sample} start
 * @param {Uint8Array} mask
 * @returns {Gesture}
 */
function moving(editor, start, mask) {
  /** @type {ReturnType<typeof lift>|null} */
  let move = null;
  return {
    move: (samples) => {
      const { x, y } = samples[samples.length - 1];
      if (!move && Math.hypot(x - start.x, y - start.y) < start.reach / 2) return;
      move ??= lift(editor, mask);
      move.move(Math.floor(x) - Math.floor(start.x), Math.floor(y) - Math.floor(start.y));
    },
    end: () => (move ? move.end() : click(editor, start)),
    cancel: () => move?.cancel(),
  };
}

/**
 * @param {Editor} editor
 * @param {import('../base/types.js').Point} point
 * @returns {number} the index of the pixel, or -1 outside the map
 */
function indexAt({ doc: { width, height } }, { x, y }) {
  return x < 0 || y < 0 || x >= width || y >= height ? -1 : Math.floor(y) * width + Math.floor(x);
}

/** @type {import('./tool.js').Tool<'select'>} */
export const select = {
  id: 'select',
  name: 'Select and move',
  key: 'V',
  options: ['selection'],
  hint: 'Click an object or draw a box',
  usesClass: true,
  begin,
};
