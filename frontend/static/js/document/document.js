/** The edited document, with undo. */
/** @typedef {import('../base/types.js').Noise} Noise */
/** @typedef {import('../base/types.js').FrozenPixels} FrozenPixels */
/** @typedef {import('../base/types.js').Photo} Photo */
/** @typedef {import('../base/types.js').Snapshot} Snapshot */
/** @typedef {import('../base/types.js').Step} Step */
import { diff, flip } from '../maps/delta.js';
import { newLabels, resizeNearest } from '../maps/labelmap.js';
import { resizedPhoto } from './photo-composite.js';

/** The most undo steps. */
const STEP_LIMIT = 200;
/** The most bytes of all undo steps. Large maps and frozen pixels leave room for fewer steps. */
const BYTES_MAX = 256 * 2 ** 20;

/** The last version number given to any document, so that no two documents share one. */
let newest = 0;

/**
 * A label map, a region map and the noise, on one undo stack. Changes are made between `open` and `commit`, or in one
 * go with `edit`.
 */
export class Document {
  /** @type {Step[]} */
  #done = [];
  /** @type {Step[]} */
  #undone = [];
  /** @type {(Snapshot & {name: string})|null} */
  #open = null;

  /**
   * @param {number} width
   * @param {number} height
   * @param {import('../base/types.js').Model|null} [model]  whose class ids the map holds
   */
  constructor(width, height, model = null) {
    this.width = width;
    this.height = height;
    /** @type {import('../base/types.js').Labels} */
    this.labels = newLabels(model, width * height);
    /** @type {Uint8Array} */
    this.regions = new Uint8Array(width * height);
    /** @type {Noise} */
    this.noise = { seed: 0, regions: [] };
    /** @type {FrozenPixels|null} */
    this.frozen = null;
    /** @type {Photo|null} */
    this.photo = null;
    this.version = 0;
    /** @type {import('../base/types.js').ProjectInfo} */
    this.about = { name: '', link: null, saved: -1, keyFrames: [] };
  }

  /** @returns {string|null} the name of the step that `undo` would revert */
  get undoName() {
    return this.#done.at(-1)?.name ?? null;
  }

  /** @returns {string|null} the name of the step that `redo` would repeat */
  get redoName() {
    return this.#undone.at(-1)?.name ?? null;
  }

  /** Whether there are steps to undo or redo. */
  get isEdited() {
    return this.#done.length + this.#undone.length > 0;
  }

  /** @returns {number|null} the version before the last step */
  get versionBefore() {
    return this.#done.at(-1)?.version ?? null;
  }

  /** @param {number} version @returns {boolean} whether undo, redo or canceling the open step can lead to it */
  reaches(version) {
    return [this, this.#open, ...this.#done, ...this.#undone].some((each) => each?.version === version);
  }

  get isOpen() {
    return this.#open !== null;
  }

  /** @returns {Snapshot} */
  snapshot() {
    return {
      width: this.width,
      height: this.height,
      labels: this.labels.slice(),
      regions: this.regions.slice(),
      noise: this.noise,
      frozen: this.frozen,
      photo: this.photo,
      version: this.version,
    };
  }

  /** Takes over a snapshot, copying its maps. @param {Snapshot} snapshot */
  assign({ width, height, labels, regions, noise, frozen, photo, version }) {
    this.#hold({ width, height, labels: labels.slice(), regions: regions.slice() });
    this.noise = noise;
    this.frozen = frozen;
    this.photo = photo;
    this.version = version;
  }

  /** @param {{width: number, height: number, labels: import('../base/types.js').Labels, regions: Uint8Array}} maps */
  #hold({ width, height, labels, regions }) {
    this.width = width;
    this.height = height;
    this.labels = labels;
    this.regions = regions;
  }

  /**
   * Resizes the maps within the open step.
   * @param {number} width
   * @param {number} height
   */
  resize(width, height) {
    const labels = resizeNearest(this.labels, this.width, this.height, width, height);
    const regions = resizeNearest(this.regions, this.width, this.height, width, height);
    this.#hold({ width, height, labels, regions });
    this.frozen = null;
    if (this.photo) this.photo = resizedPhoto(this.photo, width, height);
  }

  /** Opens a step. @param {string} name  for display */
  open(name) {
    if (this.#open) throw new Error(`'${this.#open.name}' is still open.`);
    this.#open = { ...this.snapshot(), name };
  }

  /** Gives the content a new version. Call it after every change. */
  touch() {
    this.version = ++newest;
  }

  /** Ends the open step. @returns {boolean} whether anything had changed */
  commit() {
    const before = this.#open;
    if (!before) throw new Error('No step is open.');
    this.#open = null;
    const { name, noise, frozen, photo, version } = before;
    if (JSON.stringify(noise) === JSON.stringify(this.noise)) this.noise = noise;
    const whole = before.width === this.width && before.height === this.height ? null : before;
    const labels = whole ? null : diff(before.labels, this.labels);
    const regions = whole ? null : diff(before.regions, this.regions);
    if (!whole && !labels && !regions && noise === this.noise && photo === this.photo) {
      this.frozen = frozen;
      this.version = version;
      return false;
    }
    this.#done.push({ name, whole, labels, regions, noise, frozen, photo, version });
    this.#trim();
    this.#undone = [];
    return true;
  }

  /** Drops the oldest steps beyond the limits. */
  #trim() {
    while (this.#done.length > STEP_LIMIT) this.#done.shift();
    /** Buffers shared by several steps count once. @type {Set<ArrayBufferLike>} */
    const counted = new Set();
    let bytes = 0;
    const first = this.#done.findLastIndex(({ whole, labels, regions, frozen, photo }) => {
      const deltas = [labels, regions].flatMap((delta) => [delta?.bits, delta?.starts, delta?.ends]);
      const maps = [...deltas, whole?.labels, whole?.regions, frozen?.mask, photo?.labels, photo?.confidence];
      const parts = [...maps, frozen?.picture.data, photo?.picture.data];
      for (const part of parts) {
        if (!part || counted.has(part.buffer)) continue;
        counted.add(part.buffer);
        bytes += part.byteLength;
      }
      return bytes > BYTES_MAX;
    });
    this.#done.splice(0, first + 1);
  }

  /** Reverts the open step. */
  cancel() {
    if (this.#open) this.assign(this.#open);
    this.#open = null;
  }

  /**
   * Makes one step.
   * @param {string} name  for display
   * @param {() => void} change
   * @returns {boolean} whether anything changed
   */
  edit(name, change) {
    this.open(name);
    this.touch();
    try {
      change();
    } catch (error) {
      this.cancel();
      throw error;
    }
    return this.commit();
  }

  /** All steps, with the next one to undo and the next one to redo at the end of their lists. */
  get steps() {
    return { done: [...this.#done], undone: [...this.#undone] };
  }

  /**
   * Restores a saved state under new version numbers.
   * @param {Snapshot} snapshot
   * @param {{done: readonly Step[], undone: readonly Step[]}} steps
   * @param {readonly import('../base/types.js').KeyFrame[]} keyFrames
   */
  recall(snapshot, { done, undone }, keyFrames) {
    /** @type {Map<number, number>} */
    const numbers = new Map();
    /** @type {<T extends {version: number}>(content: T) => T} */
    const renumbered = (content) => {
      const version = numbers.get(content.version) ?? ++newest;
      numbers.set(content.version, version);
      return { ...content, version };
    };
    this.assign(renumbered(snapshot));
    this.#done = done.map(renumbered);
    this.#undone = undone.map(renumbered);
    this.about.keyFrames = keyFrames.map(({ snapshot, picture }) => ({ snapshot: renumbered(snapshot), picture }));
  }

  undo() {
    this.#exchange(this.#done, this.#undone);
  }

  redo() {
    this.#exchange(this.#undone, this.#done);
  }

  /**
   * @param {Step[]} from
   * @param {Step[]} to
   */
  #exchange(from, to) {
    const step = this.#open ? undefined : from.pop();
    if (!step) return;
    const { noise, frozen, photo, version } = this;
    const whole = step.whole && { width: this.width, height: this.height, labels: this.labels, regions: this.regions };
    // Copies, since the content of a step never changes.
    if (step.whole)
      this.#hold({ ...step.whole, labels: step.whole.labels.slice(), regions: step.whole.regions.slice() });
    flip(this.labels, step.labels);
    flip(this.regions, step.regions);
    this.noise = step.noise;
    this.frozen = step.frozen;
    this.photo = step.photo;
    this.version = step.version;
    to.push({ ...step, whole, noise, frozen, photo, version });
  }
}
