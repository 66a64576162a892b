/**
 * Live painting over one WebSocket: one request in flight, the newest edit wins,
 * answers that came too late are dropped, a lost server is said and found again.
 *
 * A frame is `[uint32 header length][header JSON][payload]`, big-endian.
 */
import { concat } from './bytes.js';
import { decodePicture, parseJson } from './dom.js';

const RETRY_FIRST = 500;
const RETRY_LAST = 8000;
/** Longer than the server's own deadline: after this the connection is taken for dead. */
const PATIENCE = 45000;
/** The server was busy, not wrong: the same request is worth another try. */
const BUSY_PAUSE = 700;
/** Where a picture takes longer than this, one of half a stroke would only delay the whole one's ... */
const SLOW = 600;
/** ... so it is asked for only when the pointer rests this long. */
const REST = 250;

/**
 * @typedef {object} Job  What one request asks and what the answer is for.
 * @property {string} model
 * @property {object} noise
 * @property {Uint8Array} labels  as PNG
 * @property {Uint8Array} regions  as PNG, or empty
 * @property {number} version  of the document
 * @property {import('./types.js').Kept|null} kept
 */

/**
 * @typedef {object} Owner
 * @property {() => Promise<Job|null>} job  the newest content, asked for at the moment of sending
 * @property {(job: Job, picture: ImageData, ms: number) => void} picture  the picture to show now
 * @property {(message: string) => void} refused  the server would not paint this
 * @property {(state: import('./types.js').Connection) => void} state
 */

export class Live {
  /** @type {WebSocket|null} */
  #socket = null;
  #everOpen = false;
  #stopped = false;
  #retry = RETRY_FIRST;
  /** Timers: of the next connection, of a server that does not answer, of a resting pointer. */
  #redial = 0;
  #patience = 0;
  #rest = 0;

  /** Revisions: newest wanted, oldest still welcome, newest answered, newest done (painted or refused). */
  #wanted = 0;
  #floor = 0;
  #answered = 0;
  #done = 0;
  /** @type {{revision: number, job: Job|null, sent: number}|null} */
  #flight = null;
  /** Milliseconds the last picture took. */
  #took = 0;

  /**
   * @param {string} path  of the WebSocket, relative to the page
   * @param {Owner} owner
   */
  constructor(path, owner) {
    const url = new URL(path, document.baseURI);
    url.protocol = url.protocol.replace('http', 'ws');
    this.url = url;
    this.owner = owner;
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
  want(gradual = false) {
    this.#wanted++;
    if (!gradual) this.#floor = this.#wanted;
    this.#tell();
    clearTimeout(this.#rest);
    this.#rest = gradual && this.#took > SLOW ? setTimeout(() => this.hurry(), REST) : 0;
    this.#pump();
  }

  /** The stroke is over, or rests: what is wanted shall not wait any longer. */
  hurry() {
    clearTimeout(this.#rest);
    this.#rest = 0;
    this.#pump();
  }

  /** The content changed and its picture is already there: nothing is wanted. */
  settle() {
    this.#wanted++;
    this.#floor = this.#answered = this.#done = this.#wanted;
    this.#tell();
  }

  #tell() {
    const open = this.#socket?.readyState === WebSocket.OPEN;
    if (!open) return this.owner.state(this.#everOpen || this.#retry > RETRY_FIRST ? 'offline' : 'connecting');
    this.owner.state(this.#done < this.#wanted ? 'painting' : 'ready');
  }

  #connect() {
    clearTimeout(this.#redial);
    if (this.#socket || this.#stopped) return;
    const socket = new WebSocket(this.url);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.#everOpen = true;
      this.#retry = RETRY_FIRST;
      this.#tell();
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
    this.#land();
    const pause = this.#retry * (0.75 + Math.random() / 2);
    this.#retry = Math.min(RETRY_LAST, this.#retry * 2);
    this.#redial = setTimeout(() => this.#connect(), pause);
    this.#tell();
  }

  #leave() {
    this.#stopped = true;
    this.#socket?.close();
  }

  #return() {
    this.#stopped = false;
    this.#connect();
  }

  #land() {
    clearTimeout(this.#patience);
    this.#flight = null;
  }

  async #pump() {
    const socket = this.#socket;
    if (this.#flight || this.#rest || this.#answered >= this.#wanted || socket?.readyState !== WebSocket.OPEN) return;
    const flight = { revision: this.#wanted, job: /** @type {Job|null} */ (null), sent: performance.now() };
    this.#flight = flight;
    const job = await this.owner.job();
    if (this.#flight !== flight) return;
    if (!job) return this.#land();
    flight.job = job;
    socket.send(frame(flight.revision, job));
    this.#patience = setTimeout(() => this.#giveUp(socket), PATIENCE);
  }

  /** @param {WebSocket} socket */
  #giveUp(socket) {
    socket.close();
    this.#lost(socket);
  }

  /** @param {ArrayBuffer|string} data */
  #receive(data) {
    const answer = typeof data === 'string' ? { header: parseJson(data), body: null } : unframe(data);
    const flight = this.#flight;
    const { revision, error } = answer.header ?? {};
    if (!flight?.job || (revision !== flight.revision && !(error && revision === null))) return;
    this.#land();
    if (error?.code === 'busy') {
      setTimeout(() => this.#pump(), BUSY_PAUSE);
      return;
    }
    this.#answered = Math.max(this.#answered, flight.revision);
    if (answer.body) this.#show(flight.revision, flight.job, answer.body, flight.sent);
    else this.#refuse(flight.revision, error?.message ?? 'The server could not paint this.');
    this.#pump();
  }

  /**
   * @param {number} revision
   * @param {Job} job
   * @param {Blob} body
   * @param {number} sent
   */
  async #show(revision, job, body, sent) {
    const picture = await decodePicture(body).catch(() => null);
    if (!picture) return this.#refuse(revision, 'The server sent a picture that cannot be read.');
    this.#took = performance.now() - sent;
    if (revision >= this.#floor && revision > this.#done) {
      this.#done = revision;
      this.owner.picture(job, picture, this.#took);
    }
    this.#tell();
  }

  /**
   * @param {number} revision
   * @param {string} message
   */
  #refuse(revision, message) {
    this.#done = Math.max(this.#done, revision);
    this.owner.refused(message);
    this.#tell();
  }
}

/**
 * @param {number} revision
 * @param {Job} job
 * @returns {Uint8Array<ArrayBuffer>}
 */
function frame(revision, { model, noise, labels, regions }) {
  const sizes = { labels: labels.length, regions: regions.length };
  const header = new TextEncoder().encode(JSON.stringify({ revision, model, noise, format: 'png', ...sizes }));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, header.length);
  return concat([length, header, labels, regions]);
}

/**
 * @param {ArrayBuffer} data
 * @returns {{header: any, body: Blob}}
 */
function unframe(data) {
  const end = 4 + new DataView(data).getUint32(0);
  return { header: parseJson(new TextDecoder().decode(data.slice(4, end))), body: new Blob([data.slice(end)]) };
}
