/**
 * Live painting over one WebSocket: one request in flight, the newest edit wins,
 * answers that came too late are dropped, a lost server is said and found again.
 */
import { unpack, Wire } from './wire.js';

const RETRY_FIRST = 500;
const RETRY_LAST = 8000;
/** Longer than the server's own deadline: after this the connection is taken for dead. */
const TIMEOUT = 45000;
/** The server was busy, or just started, not wrong: the same request is worth another try. */
const BUSY_DELAY = 700;
const BUSY = ['busy', 'not_ready'];
/** Where a picture takes longer than this, one of half a stroke would only delay the whole one's ... */
const SLOW = 600;
/** ... so it is asked for only when the pointer rests this long. */
const REST = 250;

/**
 * @typedef {object} Job  What one request asks and what the answer is for.
 * @property {import('./wire.js').Content} content  of the moment: sent before anybody changes it
 * @property {number} version  of the document
 * @property {(fresh: ImageData) => ImageData} finish  puts what is kept over a new picture
 */

/**
 * @typedef {object} Flight  One request on its way.
 * @property {number} revision
 * @property {Job} job
 * @property {import('../base/types.js').RoundTrip} trip
 */

/**
 * @typedef {object} Handlers
 * @property {() => Job|null} job  the newest content, asked for at the moment of sending
 * @property {(job: Job, picture: ImageData, trip: import('../base/types.js').RoundTrip) => void} picture  to show now
 * @property {(message: string) => void} refused  the server would not paint this
 * @property {(state: import('../base/types.js').Connection) => void} state
 */

export class Live {
  /** @type {WebSocket|null} */
  #socket = null;
  #wire = new Wire();
  #everOpen = false;
  #stopped = false;
  #paused = false;
  #retry = RETRY_FIRST;
  /** Timers: of the next connection, of a server that does not answer, of a resting pointer. */
  #redial = 0;
  #timeout = 0;
  #rest = 0;

  /** Revisions: newest wanted, oldest still welcome, newest answered, newest done (painted or refused). */
  #wanted = 0;
  #floor = 0;
  #answered = 0;
  #done = 0;
  /** When it became wanted. */
  #since = 0;
  /** @type {Flight|null} */
  #flight = null;
  /** Milliseconds the last picture took. */
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
   * The content changed; a picture of it is wanted.
   * @param {boolean} [gradual]  answers on their way still show progress (a stroke
   *   goes on); otherwise they are stale
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

  /** @param {boolean} paused  nothing is sent; what is wanted then is sent when it goes on */
  pause(paused) {
    this.#paused = paused;
    this.#updateState();
    this.#pump();
  }

  /** The stroke is over, or rests: what is wanted shall not wait any longer. */
  flush() {
    clearTimeout(this.#rest);
    this.#rest = 0;
    this.#pump();
  }

  /** The content changed and its picture is already there: nothing is wanted. */
  skip() {
    this.#wanted++;
    this.#floor = this.#answered = this.#done = this.#wanted;
    this.#updateState();
  }

  #updateState() {
    const open = this.#socket?.readyState === WebSocket.OPEN;
    if (!open) return this.handlers.state(this.#everOpen || this.#retry > RETRY_FIRST ? 'offline' : 'connecting');
    this.handlers.state(this.#paused ? 'paused' : this.#done < this.#wanted ? 'painting' : 'ready');
  }

  #connect() {
    clearTimeout(this.#redial);
    if (this.#socket || this.#stopped) return;
    const socket = new WebSocket(this.url);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.#wire = new Wire();
      this.#everOpen = true;
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
