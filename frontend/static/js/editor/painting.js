/** The picture on screen: painted live by the server, or from the cache. */
/** @typedef {import('./editor.js').Editor} Editor */
import { finisher } from '../document/photo-composite.js';
import { wireContent } from '../document/wire-noise.js';
import { isReachable } from '../server/api.js';
import { Live } from '../server/live.js';

/** Keeps the picture up to date with the document. */
export class Painting {
  /** The picture on screen. @type {ImageData|null} */
  picture = null;
  /** The last picture from the server, unmodified, and the version it shows. */
  fresh = { version: -1, picture: /** @type {ImageData|null} */ (null) };
  /**
   * Timing of the picture on screen, if it just arrived from the server.
   * @type {import('../base/types.js').RoundTrip|null}
   */
  trip = null;
  /** The version whose picture was requested last. */
  #requested = -1;
  #live;

  /**
   * @param {Editor} editor
   * @param {(message: string) => void} refused  called with the reason if the server refuses to paint
   */
  constructor(editor, refused) {
    this.editor = editor;
    this.#live = new Live('api/live', {
      job: () => this.#job(),
      picture: (job, picture, trip) => this.#arrived(job, picture, trip),
      refused,
      reachable: isReachable,
      state: (connection) => editor.store.set({ live: { connection } }),
    });
  }

  /** Starts over with another document. */
  reset() {
    this.#requested = -1;
    this.editor.store.set({ live: { shown: -1 } });
  }

  /**
   * Shows the picture of the current document, or requests it.
   * @param {boolean} gradual  within one stroke
   */
  update(gradual) {
    const { doc, pictures, state } = this.editor;
    const { version } = doc;
    if (version === this.#requested) return;
    this.#requested = version;
    const known = pictures.get(version);
    if (known) {
      this.#live.skip();
      this.#show(version, known);
    } else if (state.model) {
      this.#live.request(gradual);
    }
  }

  /** Requests the picture of an ended stroke without further delay. */
  flush() {
    this.#live.flush();
  }

  /** Pauses or resumes live painting. Editing stays possible. @param {boolean} paused */
  pause(paused) {
    this.editor.store.set({ live: { paused } });
    this.#live.pause(paused);
  }

  /** Waits for the current picture, unless the server is offline. */
  settled() {
    return this.editor.store.until(['live.connection', 'live.shown', 'doc.version'], ({ live, doc }) => {
      return live.connection !== 'painting' || live.shown === doc.version;
    });
  }

  /** The picture before the last step, if it is still cached. @returns {ImageData|null} */
  get before() {
    const { doc, pictures } = this.editor;
    return pictures.get(doc.versionBefore ?? -1) ?? null;
  }

  /** @returns {import('../server/live.js').Job|null} */
  #job() {
    const { doc, state } = this.editor;
    if (!state.model) return null;
    const { version, width, labels } = doc;
    return { content: { model: state.model.id, width, labels, ...wireContent(doc) }, version, finish: finisher(doc) };
  }

  /**
   * @param {import('../server/live.js').Job} job
   * @param {ImageData} fresh
   * @param {import('../base/types.js').RoundTrip} trip
   */
  #arrived(job, fresh, trip) {
    const picture = job.finish(fresh);
    this.fresh = { version: job.version, picture: fresh };
    this.editor.pictures.put(job.version, picture);
    this.editor.store.set({ live: { latency: trip.decoded - trip.sent } });
    this.#show(job.version, picture, trip);
  }

  /**
   * @param {number} version
   * @param {ImageData} picture
   * @param {import('../base/types.js').RoundTrip|null} [trip]  its timing
   */
  #show(version, picture, trip = null) {
    const { doc, pictures, state, store } = this.editor;
    const { shown } = state.live;
    if (shown !== version && !doc.reaches(shown)) pictures.drop(shown); // of half a stroke
    this.picture = picture;
    this.trip = trip;
    store.set({ live: { shown: version } });
  }
}
