/**
 * The editor: one document, its pictures and the live server, and the verbs that
 * tools, panels and actions are made of. Nothing here knows the page.
 */
/** @typedef {import('../base/types.js').Model} Model */
/** @typedef {import('../base/types.js').Point} Point */
/** @typedef {import('../base/types.js').Snapshot} Snapshot */
import { UserError } from '../base/errors.js';
import { t } from '../base/i18n.js';
import { SIDE_MAX } from '../base/limits.js';
import { Store } from '../base/store.js';
import { Document } from '../document/document.js';
import { reroll } from '../document/draws.js';
import { finisher } from '../document/keep-photo.js';
import { newRegion, withoutEmpty } from '../document/noise.js';
import { Pictures } from '../document/picture-cache.js';
import { wireContent } from '../document/wire-noise.js';
import { encodePng } from '../formats/png.js';
import { colorTable, SHARE_MIN, translate } from '../maps/classes.js';
import { resizeNearest } from '../maps/labelmap.js';
import { sizeFor } from '../maps/size.js';
import { Live } from '../server/live.js';
import { FIRST_STATE } from './state.js';

/** @typedef {{model: Model, doc: Document, pictures: Pictures, opening: number}} Work */

export class Editor {
  store = new Store(FIRST_STATE);
  doc = new Document(1, 1);
  /** What is on screen. @type {ImageData|null} */
  picture = null;
  /** The last one that came from the server, and the version it answers. */
  fresh = { version: -1, picture: /** @type {ImageData|null} */ (null) };
  /** How it came, if it just came from the server. @type {import('../base/types.js').Trip|null} */
  trip = null;
  /** Called while the work at hand is still there, before other work comes. */
  leaving = () => {};
  #pictures = new Pictures();
  /** The version that shows the untouched opening scene; -1 for work brought from elsewhere. */
  #opening = -1;
  /** What was at work with the models before, by their id. @type {Map<string, Work>} */
  #left = new Map();
  /** The version whose picture was last asked for. */
  #asked = -1;
  #live;

  /** @param {(message: string) => void} say  tells a person what went wrong */
  constructor(say) {
    this.#live = new Live('api/live', {
      job: () => this.#job(),
      picture: (job, picture, trip) => this.#arrived(job, picture, trip),
      refused: say,
      state: (connection) => this.store.set({ connection }),
    });
  }

  get state() {
    return this.store.state;
  }

  /** The id that means 'nothing painted'. */
  get blankId() {
    return this.state.model?.ignore_id ?? 0;
  }

  /**
   * Switches to `model` and to a new document that shows `scene`.
   * @param {Model} model
   * @param {{labels: Uint8Array, seed: number}|null|void} scene  of the model's size; without one nothing is painted
   */
  useModel(model, scene) {
    this.#leave();
    this.#begin(model);
    this.doc.labels.fill(model.ignore_id ?? 0);
    if (scene) this.doc.labels.set(scene.labels);
    if (scene) this.doc.noise = { seed: scene.seed, regions: [] };
    this.#opening = this.doc.version;
    this.#arrive(model);
  }

  /**
   * Switches to `model`. Restores the document it was left with if that was edited, else takes over the current one if
   * that was edited and fits, else restores the unedited one.
   * @param {Model} model
   * @returns {boolean} whether there was any of these
   */
  goOn(model) {
    const left = this.#left.get(model.id);
    if (!left?.doc.isEdited && this.#carry(model)) return true;
    if (left) this.resume(left);
    return left !== undefined;
  }

  /** The document and all that belongs to it, to come back to. @returns {Work|null} null before there is a model */
  get work() {
    const { model } = this.state;
    return model && { model, doc: this.doc, pictures: this.#pictures, opening: this.#opening };
  }

  /** Whether anything was edited since the opening scene. */
  get isWork() {
    return (
      this.state.model !== null &&
      (this.doc.version !== this.#opening || this.doc.isEdited || this.doc.about.keys.length > 0)
    );
  }

  /** @param {Work} work  to go on with */
  resume(work) {
    this.#leave();
    ({ doc: this.doc, pictures: this.#pictures, opening: this.#opening } = work);
    this.#arrive(work.model);
  }

  /**
   * Switches to `model` and to a document of before.
   * @param {Model} model
   * @param {Pick<import('../base/types.js').Project, 'snapshot'|'steps'|'keys'|'name'|'link'|'picture'>} project  for this model
   * @param {boolean} saved  whether it is kept elsewhere as it is
   */
  open(model, { snapshot, steps, keys, name, link, picture }, saved) {
    this.#leave();
    this.#begin(model);
    this.doc.recall(snapshot, steps, keys);
    const { version } = this.doc;
    this.doc.about = { ...this.doc.about, name, link, saved: saved ? version : -1 };
    if (picture) this.#pictures.put(version, picture);
    this.#opening = -1;
    this.#arrive(model);
  }

  /**
   * @param {Partial<import('../base/types.js').About>} about  what changes of it
   * @param {Document} [doc]  the one at work, or one that was
   */
  describe(about, doc = this.doc) {
    doc.about = { ...doc.about, ...about };
    this.store.set({ about: this.doc.about });
  }

  /**
   * Switches to `model` and takes the document there: resized, its classes matched by name.
   * @param {Model} model
   * @returns {boolean} false if nothing was edited, or if `model` has no classes for most of it
   */
  #carry(model) {
    const { doc, state } = this;
    if (!state.model || doc.version === this.#opening) return false;
    const { labels, share } = translate(doc.labels, state.model, model);
    if (share < SHARE_MIN) return false;
    this.#leave();
    this.#begin(model);
    const { width, height } = this.doc;
    this.doc.labels.set(resizeNearest(labels, doc.width, doc.height, width, height));
    this.doc.regions.set(resizeNearest(doc.regions, doc.width, doc.height, width, height));
    this.doc.noise = withoutEmpty(doc.noise, this.doc.regions);
    this.doc.about = { ...this.doc.about, name: doc.about.name };
    this.#opening = -1;
    this.#arrive(model);
    return true;
  }

  /** Puts the document aside, for when its model is chosen again. */
  #leave() {
    this.closeStroke();
    this.leaving();
    if (this.work) this.#left.set(this.work.model.id, this.work);
  }

  /** @param {Model} model  gets a new document */
  #begin({ native_size: [height, width] }) {
    this.doc = new Document(width, height);
    this.doc.touch();
    this.#pictures = new Pictures();
  }

  /** @param {Model} model  of the document, from now on */
  #arrive(model) {
    this.#asked = -1;
    const painted = model.classes.filter(({ id }) => id !== model.ignore_id);
    this.store.set({
      model,
      classId: painted[0]?.id ?? 0,
      size: Math.max(1, Math.round(this.doc.width / 16)),
      pins: Array.from({ length: 9 }, (_, slot) => painted[slot]?.id ?? null),
      regionId: null,
      locked: [],
      hidden: [],
      selection: null,
      shown: -1,
    });
    this.#changed();
  }

  // Strokes

  /** @param {string} name  of the step */
  openStroke(name) {
    this.doc.open(name);
    this.store.set({ stroking: true });
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
    this.store.set({ stroking: false });
    this.#changed();
    this.#live.hurry();
  }

  cancelStroke() {
    if (!this.doc.isOpen) return;
    this.doc.cancel();
    this.store.set({ stroking: false });
    this.#changed();
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

  /**
   * The active region, or a new one, added to the open stroke.
   * @returns {number} its id
   */
  regionForStroke() {
    const { noise } = this.doc;
    const { regionId } = this.state;
    if (regionId !== null && noise.regions.some(({ id }) => id === regionId)) return regionId;
    const region = newRegion(noise, null, reroll(noise, this.state));
    this.doc.noise = { ...noise, regions: [...noise.regions, region] };
    this.store.set({ regionId: region.id });
    return region.id;
  }

  // Whole steps

  undo() {
    this.doc.undo();
    this.#changed();
  }

  redo() {
    this.doc.redo();
    this.#changed();
  }

  /**
   * Begins with another label map. The canvas takes its shape, and no pixel of it is lost where the server paints that many.
   * @param {string} name
   * @param {import('../base/types.js').LabelMap} map
   * @param {number} [seed]  keeps the seed unless given; the regions go either way
   */
  replaceLabels(name, map, seed = this.doc.noise.seed) {
    const larger = map.labels.length > this.doc.labels.length ? map : this.doc;
    const { width, height } = sizeFor(map, larger, this.state.model?.stride ?? 1);
    const labels = resizeNearest(map.labels, map.width, map.height, width, height);
    this.#replace(name, { width, height, labels, noise: { seed, regions: [] } });
  }

  /**
   * Begins with a photo: the map gets its size and its labels.
   * @param {import('../base/types.js').Photo} photo
   * @param {number} seed
   */
  openPhoto(photo, seed) {
    const { width, height } = photo.picture;
    this.#replace(t('Open a photo'), { width, height, labels: photo.labels, noise: { seed, regions: [] }, photo });
  }

  /**
   * Begins with other maps; no pixels are kept.
   * @param {string} name
   * @param {import('../base/types.js').LabelMap & Pick<Snapshot, 'noise'> & Partial<Pick<Snapshot, 'regions'|'photo'>>} content
   * @param {ImageData} [picture]  what it looks like, if that is known
   */
  #replace(name, content, picture) {
    const regions = new Uint8Array(content.labels.length);
    const change = () => this.doc.assign({ regions, photo: null, ...content, kept: null, version: this.doc.version });
    this.edit(name, change, picture);
  }

  /**
   * Goes back to an earlier result.
   * @param {Snapshot} snapshot
   * @param {ImageData} picture
   */
  restore(snapshot, picture) {
    this.#pictures.put(snapshot.version, picture);
    this.edit('Back to an earlier result', () => this.doc.assign(snapshot));
  }

  /**
   * Takes a picture made elsewhere.
   * @param {{width: number, labels: Uint8Array, regions: Uint8Array, noise: import('../base/types.js').Noise}} content  what it was made from
   * @param {ImageData} picture
   */
  take({ width, labels, regions, noise }, picture) {
    const height = labels.length / width;
    const { photo } = this.doc;
    // It stays at hand, but what is taken is what shall be seen.
    const aside = photo && photo.labels.length === labels.length ? { ...photo, kept: false } : null;
    this.#replace(t('Take another picture'), { width, height, labels, regions, noise, photo: aside }, picture);
  }

  /**
   * @param {number} width  of the maps, from now on: what is painted is resized with them
   * @param {number} height
   * @throws {UserError} if the model cannot paint that size
   */
  resize(width, height) {
    const { stride } = this.state.model ?? { stride: 1 };
    const fits = [width, height].every((side) => side > 0 && side <= SIDE_MAX && side % stride === 0);
    if (!fits) throw new UserError(t('Sides are multiples of {stride} up to {most}.', { stride, most: SIDE_MAX }));
    this.edit(t('Resize to {size}', { size: `${width} × ${height}` }), () => this.doc.resize(width, height));
  }

  /** What was on screen before the last step, if it is still known. @returns {ImageData|null} */
  get pictureBefore() {
    return this.#pictures.get(this.doc.versionBefore ?? -1) ?? null;
  }

  // Keeping pixels

  /**
   * From here on the photo stays on screen where labels and noise regions are as they were segmented, or does not.
   * @param {boolean} kept
   */
  keepPhoto(kept) {
    const { photo } = this.doc;
    if (!photo || photo.kept === kept) return;
    this.edit(kept ? 'Keep the photo' : 'Let the photo go', () => (this.doc.photo = { ...photo, kept }));
  }

  /**
   * From here on the picture may change inside `cover` only, if the person wants
   * that and the pixels to keep are known.
   * @param {Uint8Array} cover
   * @param {ImageData|null} [base]  the pixels to keep
   */
  keep(cover, base = this.keepBase(cover)) {
    this.doc.kept = this.keptBy(cover, base);
  }

  /**
   * @param {Uint8Array} cover
   * @param {ImageData|null} [base]  the pixels to keep
   * @returns {import('../base/types.js').Kept|null}
   */
  keptBy(cover, base = this.keepBase(cover)) {
    const { kept } = this.doc;
    if (base || !kept || !this.state.keepOutside) return base && { picture: base, cover };
    // The last picture has not come: what it keeps is kept on.
    return { picture: kept.picture, cover: cover.map((inside, i) => inside | kept.cover[i]) };
  }

  /**
   * @param {Uint8Array} cover
   * @param {number} [version]  of the document before the change
   * @returns {ImageData|null} the pixels that a change inside `cover` has to keep, if they are known yet
   */
  keepBase(cover, version = this.state.version) {
    if (!this.state.keepOutside) return null;
    const { kept } = this.doc;
    // Pixels kept already, and a cover that holds the earlier one: they are kept on.
    if (kept?.cover.every((inside, i) => inside <= cover[i])) return kept.picture;
    return this.#pictures.get(version) ?? null;
  }

  /**
   * Waits until the pixels to keep are on screen, as long as a server sends them.
   * @param {Uint8Array} cover
   */
  async keepable(cover) {
    if (this.state.keepOutside && !this.keepBase(cover)) await this.settled();
  }

  /** Waits for the current picture, as long as a server sends it. */
  settled() {
    return this.store.until(['connection', 'shown', 'version'], ({ connection, shown, version }) => {
      return connection !== 'painting' || shown === version;
    });
  }

  /** Pauses live painting: strokes go on, nothing is sent until it goes on. @param {boolean} paused */
  pause(paused) {
    this.store.set({ paused });
    this.#live.pause(paused);
  }

  /** @param {number} classId */
  className(classId) {
    return this.state.model?.classes.find(({ id }) => id === classId)?.name ?? `class ${classId}`;
  }

  /** @returns {Promise<Uint8Array>} the label map as PNG with the classes' colors */
  labelsPng() {
    const colors = colorTable(this.state.model?.classes ?? []);
    return encodePng(this.doc.labels, this.doc.width, colors);
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
    if (picture) this.#pictures.put(this.doc.version, picture);
    this.#changed();
  }

  /**
   * The document changed: tell the page, and get its picture.
   * @param {boolean} [gradual]  within one stroke
   */
  #changed(gradual = false) {
    const { noise, photo, about, width, height, version, undoName, redoName } = this.doc;
    const active = noise.regions.some(({ id }) => id === this.state.regionId);
    const regionId = active ? this.state.regionId : null;
    this.store.set({ noise, photo, about, width, height, version, undoName, redoName, regionId });
    if (version === this.#asked) return;
    this.#asked = version;
    const known = this.#pictures.get(version);
    if (known) {
      this.#live.settle();
      this.#show(version, known);
    } else if (this.state.model) {
      this.#live.want(gradual);
    }
  }

  /** @returns {import('../server/live.js').Job|null} */
  #job() {
    const { model } = this.state;
    const { version, width, labels } = this.doc;
    if (!model) return null;
    return {
      content: { model: model.id, width, labels, ...wireContent(this.doc) },
      version,
      finish: finisher(this.doc),
    };
  }

  /**
   * @param {import('../server/live.js').Job} job
   * @param {ImageData} fresh
   * @param {import('../base/types.js').Trip} trip
   */
  #arrived(job, fresh, trip) {
    const picture = job.finish(fresh);
    this.fresh = { version: job.version, picture: fresh };
    this.#pictures.put(job.version, picture);
    this.store.set({ latency: trip.decoded - trip.sent });
    this.#show(job.version, picture, trip);
  }

  /**
   * @param {number} version
   * @param {ImageData} picture
   * @param {import('../base/types.js').Trip|null} [trip]  how it came
   */
  #show(version, picture, trip = null) {
    const { shown } = this.state;
    if (shown !== version && !this.doc.reaches(shown)) this.#pictures.drop(shown); // of half a stroke
    this.picture = picture;
    this.trip = trip;
    this.store.set({ shown: version });
  }
}
