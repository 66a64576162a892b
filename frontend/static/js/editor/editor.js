/** The editor: the document, the state of the page, and the operations on both. It does not depend on the page. */
/** @typedef {import('../base/types.js').Model} Model */
/** @typedef {import('../base/types.js').Point} Point */
import { UserError } from '../base/errors.js';
import { t } from '../base/i18n.js';
import { Store } from '../base/store.js';
import { Document } from '../document/document.js';
import { withoutEmpty } from '../document/noise.js';
import { Pictures } from '../document/picture-cache.js';
import { Painting } from './painting.js';
import { INITIAL_STATE } from './state.js';

/**
 * @typedef {object} Work  A document with its model and its pictures.
 * @property {Model} model
 * @property {Document} doc
 * @property {Pictures} pictures
 * @property {number} opening  the version of the unedited opening scene; -1 for projects
 */

/** @typedef {Pick<Editor, 'doc'|'state'>} Subject  The parts of the editor that planning a change reads. */

/** The current work and the state of the page. */
export class Editor {
  store = new Store(INITIAL_STATE);
  doc = new Document(1, 1);
  pictures = new Pictures();
  /** Called before the editor switches to another work. */
  onLeave = () => {};
  /** The last work of each model, by model id. @type {Map<string, Work>} */
  works = new Map();
  #opening = -1;

  /** @param {(message: string) => void} refused  called with the reason if the server refuses to paint */
  constructor(refused) {
    this.painting = new Painting(this, refused);
  }

  get state() {
    return this.store.state;
  }

  /** The current model. @throws {UserError} before one is loaded */
  get model() {
    const { model } = this.state;
    if (!model) throw new UserError(t('No model is ready to paint.'));
    return model;
  }

  /** The class id of blank pixels. */
  get blankId() {
    return this.state.model?.ignore_id ?? 0;
  }

  /** @returns {Work|null} the current work; null before a model is loaded */
  get work() {
    const { model } = this.state;
    return model && { model, doc: this.doc, pictures: this.pictures, opening: this.#opening };
  }

  /** Whether anything was changed since the opening scene. */
  get hasWork() {
    const { doc, state } = this;
    return state.model !== null && (doc.version !== this.#opening || doc.isEdited || doc.about.keyFrames.length > 0);
  }

  /** Switches to another work and keeps the current one for later. @param {Work} work */
  resume({ model, doc, pictures, opening }) {
    this.closeStroke();
    this.onLeave();
    if (this.work) this.works.set(this.work.model.id, this.work);
    this.doc = doc;
    this.pictures = pictures;
    this.#opening = opening;
    this.painting.reset();
    const painted = model.classes.filter(({ id }) => id !== model.ignore_id);
    this.store.set({
      model,
      classes: {
        classId: painted[0]?.id ?? 0,
        pins: Array.from({ length: 9 }, (_, slot) => painted[slot]?.id ?? null),
        locked: [],
        hidden: [],
      },
      tools: { size: Math.max(1, Math.round(doc.width / 16)) },
      reroll: { regionId: null },
      marks: { selection: null },
    });
    this.#changed();
  }

  /**
   * Updates the project info.
   * @param {Partial<import('../base/types.js').ProjectInfo>} about  the changes
   * @param {Document} [doc]  the current document, or an earlier one
   */
  describe(about, doc = this.doc) {
    doc.about = { ...doc.about, ...about };
    this.store.set({ doc: { about: this.doc.about } });
  }

  /**
   * Looks up the class at a point.
   * @param {Point} point
   * @returns {number|null} the class id, null outside the map
   */
  classAt({ x, y }) {
    const { labels, width, height } = this.doc;
    if (x < 0 || y < 0 || x >= width || y >= height) return null;
    return labels[Math.floor(y) * width + Math.floor(x)];
  }

  /** Opens a step that is made gradually. @param {string} name  of the step */
  openStroke(name) {
    this.doc.open(name);
    this.store.set({ doc: { stroking: true } });
  }

  /** Updates the page after a change within the open stroke. */
  strokeChanged() {
    this.doc.touch();
    this.#changed(true);
  }

  /** Ends the open stroke, if there is one. */
  closeStroke() {
    if (!this.doc.isOpen) return;
    const noise = withoutEmpty(this.doc.noise, this.doc.regions);
    if (noise !== this.doc.noise) {
      this.doc.noise = noise;
      this.doc.touch();
    }
    this.doc.commit();
    this.store.set({ doc: { stroking: false } });
    this.#changed();
    this.painting.flush();
  }

  /** Reverts the open stroke, if there is one. */
  cancelStroke() {
    if (!this.doc.isOpen) return;
    this.doc.cancel();
    this.store.set({ doc: { stroking: false } });
    this.#changed();
  }

  /**
   * Makes one step. It ends a stroke that is still open, which can happen when a server answer arrives.
   * @param {string} name
   * @param {() => void} change
   * @param {ImageData|null} [picture]  the new picture, if it is known
   */
  edit(name, change, picture = null) {
    this.closeStroke();
    this.doc.edit(name, change);
    if (picture) this.pictures.put(this.doc.version, picture);
    this.#changed();
  }

  undo() {
    this.doc.undo();
    this.#changed();
  }

  redo() {
    this.doc.redo();
    this.#changed();
  }

  /**
   * Publishes a change of the document and requests its picture.
   * @param {boolean} [gradual]  within one stroke
   */
  #changed(gradual = false) {
    const { noise, photo, about, width, height, version, undoName, redoName } = this.doc;
    const active = noise.regions.some(({ id }) => id === this.state.reroll.regionId);
    const regionId = active ? this.state.reroll.regionId : null;
    this.store.set({ doc: { noise, photo, about, width, height, version, undoName, redoName }, reroll: { regionId } });
    this.painting.update(gradual);
  }
}
