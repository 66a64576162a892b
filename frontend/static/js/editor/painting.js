/** The picture on screen: painted live by the server, or known from before. */
/** @typedef {import('./editor.js').Editor} Editor */
import { finisher } from '../document/photo-composite.js';
import { wireContent } from '../document/wire-noise.js';
import { Live } from '../server/live.js';

export class Painting {
  /** What is on screen. @type {ImageData|null} */
  picture = null;
  /** The last one that came from the server, and the version it answers. */
  fresh = { version: -1, picture: /** @type {ImageData|null} */ (null) };
  /** How it came, if it just came from the server. @type {import('../base/types.js').RoundTrip|null} */
  trip = null;
  /** The version whose picture was last asked for. */
  #requested = -1;
  #live;

  /**
   * @param {Editor} editor
   * @param {(message: string) => void} refused  told why the server would not paint
   */
  constructor(editor, refused) {
    this.editor = editor;
    this.#live = new Live('api/live', {
      job: () => this.#job(),
      picture: (job, picture, trip) => this.#arrived(job, picture, trip),
      refused,
      state: (connection) => editor.store.set({ live: { connection } }),
    });
  }

  /** Another document is shown from now on. */
  reset() {
    this.#requested = -1;
    this.editor.store.set({ live: { shown: -1 } });
  }

  /**
   * Gets the picture of the document as it is now.
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

  /** The stroke is over: its picture shall not wait any longer. */
  flush() {
    this.#live.flush();
  }

  /** Pauses live painting: strokes go on, nothing is sent until it goes on. @param {boolean} paused */
  pause(paused) {
    this.editor.store.set({ live: { paused } });
    this.#live.pause(paused);
  }

  /** Waits for the current picture, as long as a server sends it. */
  settled() {
    return this.editor.store.until(['live.connection', 'live.shown', 'doc.version'], ({ live, doc }) => {
      return live.connection !== 'painting' || live.shown === doc.version;
    });
  }

  /** What was on screen before the last step, if it is still known. @returns {ImageData|null} */
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
   * @param {import('../base/types.js').RoundTrip|null} [trip]  how it came
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
