/** The selection: changing it, and moving or removing the selected pixels. */
/** @typedef {import('./editor.js').Editor} Editor */
import { linePath } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { nearestOutside } from '../maps/nearest.js';
import { outlines } from '../maps/outlines.js';
import { locks, openLabels, selected } from './pen.js';

/** The number of versions whose selection undo can restore. */
const REMEMBERED = 16;

/**
 * Selections by document version, so that undoing a move also moves the selection back.
 * @type {Map<number, Uint8Array|null>}
 */
const known = new Map();

/**
 * Replaces the selection.
 * @param {Editor} editor
 * @param {Uint8Array|null} mask  of the document's size; an empty one selects nothing
 */
export function setSelection(editor, mask) {
  const { width } = editor.doc;
  const outline = mask && outlines(mask, width).get(1);
  editor.store.set({ marks: { selection: mask && outline ? { mask, path: linePath(outline), width } : null } });
}

/**
 * Combines an area with the selection.
 * @param {Editor} editor
 * @param {Uint8Array} mask
 * @param {{shift: boolean, alt: boolean}} how  Shift adds, Alt subtracts, otherwise it replaces
 */
export function combine(editor, mask, { shift, alt }) {
  const old = selected(editor);
  if (!shift && !alt) return setSelection(editor, mask);
  setSelection(
    editor,
    mask.map((inside, i) => (alt ? Number(old?.[i] && !inside) : inside | (old?.[i] ?? 0))),
  );
}

/**
 * Keeps the selection in step with the document: drops that of another map, and restores that of an earlier version.
 * @param {Editor} editor
 */
export function attachSelection(editor) {
  editor.store.watch(['doc.version', 'model'], ({ doc: { version, stroking }, marks: { selection } }) => {
    if (stroking) return;
    if (known.has(version)) setSelection(editor, known.get(version) ?? null);
    else if (selection && !selected(editor)) setSelection(editor, null);
  });
}

/**
 * @param {number} version
 * @param {Uint8Array|null} mask  selected then
 */
function remember(version, mask) {
  known.delete(version);
  known.set(version, mask);
  if (known.size > REMEMBERED) known.delete([...known.keys()][0]);
}

/**
 * The selected pixels, lifted off the map: labels and noise regions. The nearest pixels fill the hole. What they cover
 * is not lost as long as they are moved on. Pixels of locked classes stay where they are and are not covered.
 */
class Lifted {
  #doc;
  #labels;
  #regions;
  #noise;
  #isLocked;
  #base;
  /** @type {number[]} */
  #pixels = [];
  /** The offset from the original position, in whole pixels. */
  dx = 0;
  dy = 0;

  /**
   * @param {Editor} editor
   * @param {Uint8Array} mask
   */
  constructor(editor, mask) {
    const { labels, regions, noise, width } = (this.#doc = editor.doc);
    this.mask = mask;
    this.#labels = labels.slice();
    this.#regions = regions.slice();
    this.#noise = noise;
    this.#isLocked = locks(editor);
    const moving = mask.map((inside, i) => (inside && !this.#isLocked[labels[i]] ? 1 : 0));
    const near = nearestOutside(moving, width);
    this.#base = { labels: labels.map((_, i) => labels[near[i]]), regions: regions.map((_, i) => regions[near[i]]) };
    moving.forEach((inside, i) => inside && this.#pixels.push(i));
  }

  /** Removes the pixels and fills the hole. */
  remove() {
    this.#doc.labels.set(this.#base.labels);
    this.#doc.regions.set(this.#base.regions);
    // Regions that were covered completely come back with their noise.
    this.#doc.noise = this.#noise;
  }

  /**
   * Puts the pixels at an offset.
   * @param {number} dx  from the original position, in whole pixels
   * @param {number} dy
   */
  put(dx, dy) {
    const { labels, regions, width } = this.#doc;
    this.remove();
    for (const i of this.#pixels) {
      const to = moved(i, dx, dy, width, labels.length);
      if (to < 0 || this.#isLocked[this.#labels[to]]) continue;
      labels[to] = this.#labels[i];
      regions[to] = this.#regions[i];
    }
    [this.dx, this.dy] = [dx, dy];
  }

  /** @returns {Uint8Array} the mask at the current offset */
  placed() {
    const out = new Uint8Array(this.mask.length);
    this.mask.forEach((inside, i) => {
      const to = inside ? moved(i, this.dx, this.dy, this.#doc.width, out.length) : -1;
      if (to >= 0) out[to] = 1;
    });
    return out;
  }
}

/**
 * The new index of pixel `i`, or -1 outside the map.
 * @type {(i: number, dx: number, dy: number, width: number, length: number) => number}
 */
const moved = (i, dx, dy, width, length) => {
  const x = (i % width) + dx;
  const to = i + dy * width + dx;
  return x < 0 || x >= width || to < 0 || to >= length ? -1 : to;
};

/**
 * The pixels moved last. Until the document changes, they can be moved on without losing what they cover.
 * @type {{lifted: Lifted, version: number, mask: Uint8Array}|null}
 */
let hovering = null;

/**
 * Starts a move, within an open step.
 * @param {Editor} editor  with a selection
 * @param {Uint8Array} mask  of the selection
 */
export function lift(editor, mask) {
  const { doc } = editor;
  const before = doc.version;
  // The hole may have been filled with a locked class, which must not be covered again.
  const again = hovering?.version === before && hovering.mask === mask && !editor.state.classes.locked.length;
  const lifted = again && hovering ? hovering.lifted : new Lifted(editor, mask);
  const [dx, dy] = [lifted.dx, lifted.dy];
  const path = editor.state.marks.selection?.path ?? new Path2D();
  openLabels(editor, t('Move'));
  return {
    /**
     * @param {number} x  from the position where it was lifted, in whole pixels
     * @param {number} y
     */
    move: (x, y) => {
      if (!doc.isOpen) return;
      lifted.put(dx + x, dy + y);
      const way = new Path2D();
      way.addPath(path, { e: x, f: y });
      editor.store.set({ marks: { selection: { mask, path: way, width: doc.width } } });
      editor.strokeChanged();
    },
    end: () => {
      editor.closeStroke();
      const placed = lifted.placed();
      setSelection(editor, placed);
      remember(before, mask);
      remember(doc.version, selected(editor));
      hovering = { lifted, version: doc.version, mask: placed };
    },
    cancel: () => editor.store.set({ marks: { selection: { mask, path, width: doc.width } } }),
  };
}

/**
 * Moves the selected pixels in one step.
 * @param {Editor} editor
 * @param {number} dx  in whole pixels
 * @param {number} dy
 */
export function nudge(editor, dx, dy) {
  const mask = selected(editor);
  if (!mask || editor.doc.isOpen) return;
  const { move, end } = lift(editor, mask);
  move(dx, dy);
  end();
}

/**
 * Removes the selected pixels; the nearest ones fill the hole.
 * @param {Editor} editor
 */
export function removeSelected(editor) {
  const mask = selected(editor);
  if (!mask) return;
  const lifted = new Lifted(editor, mask);
  openLabels(editor, t('Remove the selection'));
  lifted.remove();
  editor.strokeChanged();
  editor.closeStroke();
}
