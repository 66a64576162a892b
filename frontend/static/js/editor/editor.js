/** The editor: the work in progress, the state of the page, and what changes both. It knows nothing of the page. */
/** @typedef {import('../base/types.js').Model} Model */
/** @typedef {import('../base/types.js').Point} Point */
import { Store } from '../base/store.js';
import { Document } from '../document/document.js';
import { withoutEmpty } from '../document/noise.js';
import { Pictures } from '../document/picture-cache.js';
import { Painting } from './painting.js';
import { INITIAL_STATE } from './state.js';

/**
 * @typedef {object} Work  A document and all that belongs to it.
 * @property {Model} model
 * @property {Document} doc
 * @property {Pictures} pictures
 * @property {number} opening  the version that shows the untouched opening scene; -1 for work brought from elsewhere
 */

/** @typedef {Pick<Editor, 'doc'|'state'>} Subject  What a change is planned from. */

export class Editor {
  store = new Store(INITIAL_STATE);
  doc = new Document(1, 1);
  pictures = new Pictures();
  /** Called while the current work is still there, before other work comes. */
  onLeave = () => {};
  /** The last work with each model, by its id. @type {Map<string, Work>} */
  works = new Map();
  #opening = -1;

  /** @param {(message: string) => void} refused  told why the server would not paint */
  constructor(refused) {
    this.painting = new Painting(this, refused);
  }

  get state() {
    return this.store.state;
  }

  /** The id that means 'nothing painted'. */
  get blankId() {
    return this.state.model?.ignore_id ?? 0;
  }

  /** @returns {Work|null} the current one, null before there is a model */
  get work() {
    const { model } = this.state;
    return model && { model, doc: this.doc, pictures: this.pictures, opening: this.#opening };
  }

  /** Whether anything was edited since the opening scene. */
  get hasWork() {
    const { doc, state } = this;
    return state.model !== null && (doc.version !== this.#opening || doc.isEdited || doc.about.keyFrames.length > 0);
  }

  /** @param {Work} work  becomes the current one; the one before can be come back to */
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
   * @param {Partial<import('../base/types.js').ProjectInfo>} about  what changes of it
   * @param {Document} [doc]  the current one, or one that was
   */
  describe(about, doc = this.doc) {
    doc.about = { ...doc.about, ...about };
    this.store.set({ doc: { about: this.doc.about } });
  }

  /**
   * @param {Point} point
   * @returns {number|null} the class there, null outside the map
   */
  classAt({ x, y }) {
    const { labels, width, height } = this.doc;
    if (x < 0 || y < 0 || x >= width || y >= height) return null;
    return labels[Math.floor(y) * width + Math.floor(x)];
  }

  /** @param {string} name  of the step */
  openStroke(name) {
    this.doc.open(name);
    this.store.set({ doc: { stroking: true } });
  }

  /** Shows what the open stroke has painted so far. */
  strokeChanged() {
    this.doc.touch();
    this.#changed(true);
  }

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

  cancelStroke() {
    if (!this.doc.isOpen) return;
    this.doc.cancel();
    this.store.set({ doc: { stroking: false } });
    this.#changed();
  }

  /**
   * A step in one go. It may come from a server while a stroke is open: that ends here.
   * @param {string} name
   * @param {() => void} change
   * @param {ImageData|null} [picture]  what it looks like then, if that is known
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
   * The document changed: tell the page, and get its picture.
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
