/**
 * Saves the work in the browser shortly after each step, and restores it. Each document has its own record, which its
 * tab claims, so that no two tabs write the same one.
 */
/** @typedef {import('../../editor/editor.js').Editor} Editor */
/** @typedef {import('../../document/document.js').Document} Document */
import { whenIdle } from '../../base/idle.js';
import { randomSeed } from '../../document/noise.js';
import { members } from './members.js';
import { readProject } from './read.js';
import { deleteWork, listWorks, readWork, saveWork } from './works.js';

/** Milliseconds between two saves; a change after a longer rest is saved at once. */
const INTERVAL = 500;
/** Records beyond this number, or older than this many milliseconds, are deleted. */
const WORKS_MAX = 10;
const AGE_MAX = 30 * 24 * 3600e3;
/** Key in the session storage: the record this tab wrote last; '' for none. */
const KEY = 'oasis-work';

/** Milliseconds to wait for answers of other tabs. */
const TIMEOUT = 600;
/** The records this tab has claimed or is claiming. @type {Map<string, (free: boolean) => void>} */
const claims = new Map();
/** Pages loaded over http cannot use locks: their tabs ask each other. */
const tabs = navigator.locks ? null : new BroadcastChannel(KEY);
tabs?.addEventListener('message', ({ data: { id, taken } }) => {
  if (taken) claims.get(id)?.(false);
  else if (claims.has(id)) tabs.postMessage({ id, taken: true });
});

/** Saves the current work automatically. */
export class Autosave {
  /** @type {WeakMap<Document, string>} */
  #ids = new WeakMap();
  /** Documents by record. @type {Map<string, WeakRef<Document>>} */
  #owners = new Map();
  /** The saved version of each document. @type {WeakMap<Document, number>} */
  #stored = new WeakMap();
  /** Documents being saved, or that could not be saved. @type {Set<Document>} */
  #pending = new Set();
  #timer = 0;
  /** When the last save began. */
  #began = -Infinity;
  /** A save was due in the middle of a stroke. */
  #overdue = false;
  #writing = Promise.resolve();
  #failed = false;

  /**
   * @param {Editor} editor
   * @param {() => import('../../base/types.js').Project} capture  the current work
   * @param {(error: unknown) => void} failed  called for the first of consecutive failures
   */
  constructor(editor, capture, failed) {
    this.editor = editor;
    this.capture = capture;
    this.failed = failed;
    addEventListener('visibilitychange', () => document.hidden && this.#timer && this.#write());
    addEventListener('beforeunload', (event) => {
      if (this.#timer) this.#write();
      if (this.#isUnsafe) event.preventDefault();
    });
  }

  /** Starts saving. */
  start() {
    let session;
    try {
      session = sessionStorage;
    } catch (error) {
      return this.#fail(error);
    }
    // The last chance to save the last step.
    this.editor.onLeave = () => (this.#timer || this.#isUnsafe) && this.#write();
    const soon = whenIdle(() => this.#write());
    this.editor.store.watch(['doc.version', 'doc.stroking', 'doc.about', 'view.underlay'], ({ doc: { stroking } }) => {
      if (stroking) return;
      session.setItem(KEY, this.#ids.get(this.editor.doc) ?? '');
      if (this.#overdue) this.#write();
      else this.#timer ||= setTimeout(soon, Math.max(0, this.#began + INTERVAL - performance.now()));
    });
  }

  /** Whether closing the tab now would lose work. */
  get #isUnsafe() {
    const { doc, hasWork } = this.editor;
    const docs = [...this.#pending, ...(hasWork ? [doc] : [])];
    return docs.some(
      (each) => each.version !== each.about.saved && (this.#timer || each.version !== this.#stored.get(each)),
    );
  }

  #write() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const { doc, hasWork } = this.editor;
    this.#overdue = hasWork && doc.isOpen;
    if (!hasWork || doc.isOpen) return;
    this.#began = performance.now();
    this.#pending.add(doc);
    const files = members(this.capture());
    const { version } = doc;
    this.#writing = this.#writing.then(async () => {
      try {
        const id = this.#ids.get(doc) ?? randomSeed().toString(36) + randomSeed().toString(36);
        this.adopt(doc, id);
        await saveWork(id, doc.about.name, files);
        this.#stored.set(doc, version);
        this.#pending.delete(doc);
        this.#failed = false;
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  /** @param {unknown} error */
  #fail(error) {
    if (!this.#failed) this.failed(error);
    this.#failed = true;
  }

  /**
   * Assigns a record to a document, and takes it from any other.
   * @param {Document} doc
   * @param {string} id  of the record
   */
  adopt(doc, id) {
    const before = this.#owners.get(id)?.deref();
    if (before && before !== doc) {
      this.#ids.delete(before);
      this.#stored.delete(before);
    }
    claim(id);
    this.#owners.set(id, new WeakRef(doc));
    this.#ids.set(doc, id);
    if (doc === this.editor.doc) sessionStorage.setItem(KEY, id);
  }

  /**
   * Finds the work this tab had before it was reloaded. A new tab takes the newest work no other tab has open.
   * @returns {Promise<{work: import('./works.js').Work, again: boolean}|null>} `again`: it was reloaded
   */
  async recover() {
    let before, works;
    try {
      before = sessionStorage.getItem(KEY);
      works = await listWorks();
    } catch (error) {
      this.#fail(error);
      return null;
    }
    let found = works.find(({ id }) => id === before);
    if (found) await claim(found.id, true);
    for (const work of before === null ? works : []) {
      if (!(await claim(work.id))) continue;
      found = work;
      break;
    }
    const old = works.filter(
      (work, i) => work !== found && (i >= WORKS_MAX || (work.saved && work.saved < Date.now() - AGE_MAX)),
    );
    await Promise.all(old.map(async ({ id }) => (await claim(id)) && deleteWork(id)));
    return found ? { work: found, again: before !== null } : null;
  }

  /** @returns {Promise<import('./works.js').Work[]>} all but the current one, newest first */
  async earlier() {
    await this.#writing;
    return (await listWorks()).filter(({ id }) => id !== this.#ids.get(this.editor.doc));
  }

  /** @typedef {{project: import('../../base/types.js').Project, id: string|null}} Found  The id is null for a copy, since another tab has the work open. */

  /**
   * Reads a saved work.
   * @param {string} id
   * @returns {Promise<Found>}
   * @throws {UserError} if it is damaged
   */
  async reopen(id) {
    const project = await readProject(await readWork(id));
    return { project, id: (await claim(id)) ? id : null };
  }
}

/**
 * Claims a record for this tab.
 * @param {string} id  of the record
 * @param {boolean} [again]  this tab had it before it was reloaded: wait until the old page has released it
 * @returns {Promise<boolean>} whether this tab has it now
 */
async function claim(id, again = false) {
  if (claims.has(id)) return true;
  const free = await new Promise((resolve) => {
    claims.set(id, resolve);
    if (tabs) {
      tabs.postMessage({ id });
      setTimeout(resolve, TIMEOUT, true);
      return;
    }
    const options = again ? { signal: AbortSignal.timeout(TIMEOUT) } : { ifAvailable: true };
    const lock = navigator.locks.request(`oasis-work ${id}`, options, (lock) => {
      resolve(lock !== null);
      return lock && new Promise(() => {});
    });
    lock.catch(() => resolve(false));
  });
  if (!free) claims.delete(id);
  return free;
}
