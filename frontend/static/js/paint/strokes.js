/** Tools that paint along the pointer's way: brush, eraser, noise-region brush. */
/** @typedef {import('./tools.js').Sample} Sample */
/** @typedef {import('./tools.js').Gesture} Gesture */
/** @typedef {import('./tools.js').Tool} Tool */
/** @typedef {import('../editor.js').Editor} Editor */
import { t } from '../i18n.js';
import { coverOf } from '../keep.js';
import { noiseLocks } from '../noise/regions.js';
import { snap, sweep } from './brush.js';
import { labelPen, mirrored, openLabels, selected } from './pen.js';

/** Where the last stroke on a document ended: a straight line goes on from there. @type {WeakMap<object, Sample>} */
const ends = new WeakMap();

/**
 * A stroke within the open step.
 * @param {Editor} editor
 * @param {Sample} start  with Shift a line from the last stroke's end
 * @param {(from: Sample, to: Sample) => void} paint
 * @param {() => void} [check]  at the end
 * @returns {Gesture}
 */
function stroke(editor, start, paint, check) {
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
 * Paints what the current brush covers between two points, mirrored.
 * @param {Editor} editor
 * @param {Sample} from
 * @param {Sample} to
 * @param {(index: number) => void} paint
 */
function dab(editor, from, to, paint) {
  const { size, square, pressure } = editor.state;
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
 * @param {Editor} editor
 * @param {Sample} start
 * @param {string} name
 * @param {number} classId
 */
function labelStroke(editor, start, name, classId) {
  openLabels(editor, name);
  const { paint, check } = labelPen(editor, classId);
  return stroke(editor, start, (a, b) => dab(editor, a, b, paint), check);
}

/** @type {Tool} */
export const brush = (editor, start) => {
  const { classId } = editor.state;
  return labelStroke(editor, start, t('Paint {name}', { name: editor.className(classId) }), classId);
};

/** @type {Tool} */
export const eraser = (editor, start) => labelStroke(editor, start, t('Erase'), editor.blankId);

/** @type {Tool} */
export const region = (editor, start) => {
  const { subtract, regionId } = editor.state;
  if (subtract && regionId === null) return null;
  editor.openStroke(subtract ? t('Cut from a noise region') : t('Brush a noise region'));
  try {
    const { regions } = editor.doc;
    const mask = selected(editor);
    const id = editor.regionForStroke();
    const cover = coverOf(regions, id);
    const { version } = editor.state;
    /** @type {ImageData|null} */
    let base = null;
    const isLocked = noiseLocks(editor.doc, id);
    let [painted, barred] = [false, false];
    /** @param {number} i */
    const paint = (i) => {
      if (mask?.[i] === 0) return;
      if (subtract) regions[i] = regions[i] === id ? 0 : regions[i];
      else if (isLocked(i)) barred = true;
      else [regions[i], cover[i], painted] = [id, 1, true];
    };
    /** @type {(a: Sample, b: Sample) => void} */
    const along = (a, b) => {
      // The picture of before may still be on its way when the stroke begins.
      base ??= editor.keepBase(cover, version);
      dab(editor, a, b, paint);
      editor.keep(cover, base);
    };
    return stroke(editor, start, along, () => {
      if (barred && !painted) throw new Error(t('The noise there is locked: unlock it first.'));
    });
  } catch (error) {
    editor.cancelStroke();
    throw error;
  }
};
