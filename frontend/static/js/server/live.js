/**
 * Live painting over one WebSocket. There is one request in flight at a time, always for the newest edit; stale answers
 * are dropped; a lost connection is reported and reopened.
 */
import { unpack, Wire } from './wire.js';

const RETRY_FIRST = 500;
const RETRY_LAST = 8000;
/** Milliseconds after which the connection counts as dead; longer than the server's own deadline. */
const TIMEOUT = 45000;
/** Milliseconds until a request is repeated that the server was too busy for, or not ready. */
const BUSY_DELAY = 700;
const BUSY = ['busy', 'not_ready'];
/** If a picture takes longer than this, one of half a stroke would only delay the final one ... */
const SLOW = 600;
/** ... so it is requested only once the pointer has rested this long. Both in milliseconds. */
const REST = 250;

/**
 * @typedef {object} Job  What a request is to paint.
 * @property {import('./wire.js').Content} content  sent at once, before it can change
 * @property {number} version  of the document
 * @property {(fresh: ImageData) => ImageData} finish  composites the new picture with the photo and the frozen pixels
 */

/**
 * @typedef {object} Flight  The request in flight.
 * @property {number} revision
 * @property {Job} job
 * @property {import('../base/types.js').RoundTrip} trip
 */

/**
 * @typedef {object} Handlers  Callbacks of the connection.
 * @property {() => Job|null} job  gives the newest content when a request is sent
 * @property {(job: Job, picture: ImageData, trip: import('../base/types.js').RoundTrip) => void} picture  shows a picture
 * @property {(message: string) => void} refused  the server refused to paint
 * @property {() => Promise<boolean>} reachable  whether the server answers over HTTP
 * @property {(state: import('../base/types.js').Connection) => void} state  the connection changed
 */

/** The connection for live painting. */
export class Live {
  /** @type {WebSocket|null} */
  #socket = null;
  #wire = new Wire();
  #everOpen = false;
  /** Whether the server answers, but no WebSocket gets through to it. */
  #barred = false;
  #stopped = false;
  #paused = false;
  #retry = RETRY_FIRST;
  /** Timers for reconnecting, for a server that does not respond, and for a resting pointer. */
  #redial = 0;
  #timeout = 0;
  #rest = 0;

  /** Revisions: newest requested, oldest not stale, newest answered, newest done (painted or refused). */
  #wanted = 0;
  #floor = 0;
  #answered = 0;
  #done = 0;
  /** When the newest revision was requested. */
  #since = 0;
  /** @type {Flight|null} */
  #flight = null;
  /** How long the last picture took, in milliseconds. */
  #took = 0;

  /**
   * @param {string} path  of the WebSocket, relative to the page
   * @param {Handlers} handlers
   */
  constructor(path, handlers) {
    const url = new URL(path, document.baseURI);
    url.protocol = url.protocol.replace('http', 'ws');
    this.url = url;
    this.handlers = handlers;
    addEventListener('online', () => this.#connect());
    addEventListener('pagehide', () => this.#leave());
    addEventListener('pageshow', (event) => event.persisted && this.#return());
    this.#connect();
  }

  /**
   * Requests a picture of the changed content.
   * @param {boolean} [gradual]  within a stroke: the answer in flight still shows progress; otherwise it is stale
   */
  request(gradual = false) {
    this.#wanted++;
    this.#since = performance.now();
    if (!gradual) this.#floor = this.#wanted;
    this.#updateState();
    clearTimeout(this.#rest);
    this.#rest = gradual && this.#took > SLOW ? setTimeout(() => this.flush(), REST) : 0;
    this.#pump();
  }

  /** Pauses or resumes sending. @param {boolean} paused */
  pause(paused) {
    this.#paused = paused;
    this.#updateState();
    this.#pump();
  }

  /** Sends a delayed request now: the stroke has ended, or the pointer rests. */
  flush() {
    clearTimeout(this.#rest);
    this.#rest = 0;
    this.#pump();
  }

  /** Drops pending requests: the picture of the new content is known already. */
  skip() {
    this.#wanted++;
    this.#floor = this.#answered = this.#done = this.#wanted;
    this.#updateState();
  }

  #updateState() {
    const open = this.#socket?.readyState === WebSocket.OPEN;
    if (!open) return this.handlers.state(this.#lack());
    this.handlers.state(this.#paused ? 'paused' : this.#done < this.#wanted ? 'painting' : 'ready');
  }

  /** @returns {import('../base/types.js').Connection} what there is without a connection */
  #lack() {
    if (this.#barred) return 'barred';
    return this.#everOpen || this.#retry > RETRY_FIRST ? 'offline' : 'connecting';
  }

  /** Finds out why there has been no connection yet. */
  async #diagnose() {
    this.#barred = await this.handlers.reachable();
    this.#updateState();
  }

  #connect() {
    clearTimeout(this.#redial);
    if (this.#socket || this.#stopped) return;
    const socket = new WebSocket(this.url);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.#wire = new Wire();
      this.#everOpen = true;
      this.#barred = false;
      this.#retry = RETRY_FIRST;
      this.#updateState();
      this.#pump();
    };
    socket.onmessage = (event) => this.#receive(event.data);
    socket.onclose = () => this.#lost(socket);
    this.#socket = socket;
  }

  /** @param {WebSocket} socket */
  #lost(socket) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    this.#endFlight();
    const pause = this.#retry * (0.75 + Math.random() / 2);
    this.#retry = Math.min(RETRY_LAST, this.#retry * 2);
    this.#redial = setTimeout(() => this.#connect(), pause);
    if (!this.#everOpen) this.#diagnose();
    this.#updateState();
  }

  #leave() {
    this.#stopped = true;
    this.#socket?.close();
  }

  #return() {
    this.#stopped = false;
    this.#connect();
  }

  #endFlight() {
    clearTimeout(this.#timeout);
    this.#flight = null;
  }

  #pump() {
    const socket = this.#socket;
    if (
      this.#paused ||
      this.#flight ||
      this.#rest ||
      this.#answered >= this.#wanted ||
      socket?.readyState !== WebSocket.OPEN
    )
      return;
    const job = this.handlers.job();
    if (!job) return;
    const begun = performance.now();
    const revision = this.#wanted;
    socket.send(this.#wire.pack(revision, job.content));
    const sent = performance.now();
    this.#flight = { revision, job, trip: { wanted: this.#since, begun, sent, received: 0, decoded: 0, server: {} } };
    this.#timeout = setTimeout(() => this.#giveUp(socket), TIMEOUT);
  }

  /** @param {WebSocket} socket */
  #giveUp(socket) {
    socket.close();
    this.#lost(socket);
  }

  /** @param {ArrayBuffer|string} data */
  #receive(data) {
    const received = performance.now();
    const { revision, error, ms, picture } = unpack(data);
    const flight = this.#flight;
    if (!flight || (revision !== flight.revision && !(error && revision === null))) return;
    this.#endFlight();
    if (error) this.#wire.forget();
    if (error && BUSY.includes(error.code)) {
      setTimeout(() => this.#pump(), BUSY_DELAY);
      return;
    }
    this.#answered = Math.max(this.#answered, flight.revision);
    if (picture) this.#show({ ...flight, trip: { ...flight.trip, received, server: ms ?? {} } }, picture());
    else this.#refuse(flight.revision, error?.message ?? 'The server could not paint this.');
    this.#pump();
  }

  /**
   * @param {Flight} flight
   * @param {Promise<ImageData>} decoding
   */
  async #show({ revision, job, trip }, decoding) {
    const picture = await decoding.catch(() => null);
    if (!picture) return this.#refuse(revision, 'The server sent a picture that cannot be read.');
    const decoded = performance.now();
    this.#took = decoded - trip.sent;
    if (revision >= this.#floor && revision > this.#done) {
      this.#done = revision;
      this.handlers.picture(job, picture, { ...trip, decoded });
    }
    this.#updateState();
  }

  /**
   * @param {number} revision
   * @param {string} message
   */
  #refuse(revision, message) {
    this.#done = Math.max(this.#done, revision);
    this.handlers.refused(message);
    this.#updateState();
  }
}
