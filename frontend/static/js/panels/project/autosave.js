/**
 * Keeps the work in the browser, a moment after each step, and finds it again. Each document has a record of its own,
 * and its tab holds that as long as it lives, so no two tabs write the same.
 */
/** @typedef {import('../../editor/editor.js').Editor} Editor */
/** @typedef {import('../../document/document.js').Document} Document */
import { whenIdle } from '../../base/idle.js';
import { randomSeed } from '../../document/noise.js';
import { members } from './members.js';
import { readProject } from './read.js';
import { deleteWork, saveWork, listWorks, readWork } from './works.js';

/** Milliseconds from a change to its record. */
const SOON = 500;
const WORKS_MAX = 10;
const AGE_MAX = 30 * 24 * 3600e3;
/** In the session's storage: which record this tab wrote last; '' for none. */
const KEY = 'oasis-work';

/** Milliseconds that other tabs have to answer. */
const TIMEOUT = 600;
/** The records that this tab has or asks for. @type {Map<string, (free: boolean) => void>} */
const claims = new Map();
/** Pages that came by http have no locks: there, tabs ask each other. */
const tabs = navigator.locks ? null : new BroadcastChannel(KEY);
tabs?.addEventListener('message', ({ data: { id, taken } }) => {
  if (taken) claims.get(id)?.(false);
  else if (claims.has(id)) tabs.postMessage({ id, taken: true });
});

export class Autosave {
  /** @type {WeakMap<Document, string>} */
  #ids = new WeakMap();
  /** Whose each record is. @type {Map<string, WeakRef<Document>>} */
  #owners = new Map();
  /** The versions that are kept. @type {WeakMap<Document, number>} */
  #stored = new WeakMap();
  /** Documents that are being written, or could not be. @type {Set<Document>} */
  #pending = new Set();
  #timer = 0;
  #writing = Promise.resolve();
  #failed = false;

  /**
   * @param {Editor} editor
   * @param {() => import('../../base/types.js').Project} capture  the current work
   * @param {(error: unknown) => void} failed  told once in a row
   */
  constructor(editor, capture, failed) {
    this.editor = editor;
    this.capture = capture;
    this.failed = failed;
    addEventListener('visibilitychange', () => document.hidden && this.#timer && this.#write());
    addEventListener('beforeunload', (event) => this.#isUnsafe && event.preventDefault());
  }

  /** From now on. */
  start() {
    // Where nothing may be stored, it throws here, and only here.
    const session = sessionStorage;
    // It is the last moment to keep the last step.
    this.editor.onLeave = () => (this.#timer || this.#isUnsafe) && this.#write();
    this.editor.store.watch(['doc.version', 'doc.stroking', 'doc.about', 'view.underlay'], ({ doc: { stroking } }) => {
      if (stroking) return;
      session.setItem(KEY, this.#ids.get(this.editor.doc) ?? '');
      this.#timer ||= setTimeout(
        whenIdle(() => this.#write()),
        SOON,
      );
    });
  }

  /** Whether the tab's end would be the end of something. */
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
    if (!hasWork || doc.isOpen) return;
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
        if (!this.#failed) this.failed(error);
        this.#failed = true;
      }
    });
  }

  /**
   * @param {Document} doc
   * @param {string} id  of its record, and no other's from now on
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
   * Looks for what this tab had before it was reloaded; a new tab takes the newest work that no tab has.
   * @returns {Promise<Found & {saved: number, again: boolean}|null>} `again` in the tab that had it before
   */
  async recover() {
    let before;
    try {
      before = sessionStorage.getItem(KEY);
    } catch {
      return null; // Nothing may be stored here, as `start` will say.
    }
    const works = await listWorks();
    let found = works.find(({ id }) => id === before);
    if (found) await claim(found.id, true);
    for (const work of before === null ? works : []) {
      if (!(await claim(work.id))) continue;
      found = work;
      break;
    }
    const old = works.filter((work, i) => work !== found && (i >= WORKS_MAX || work.saved < Date.now() - AGE_MAX));
    await Promise.all(old.map(async ({ id }) => (await claim(id)) && deleteWork(id)));
    return found ? { ...(await this.reopen(found.id)), saved: found.saved, again: before !== null } : null;
  }

  /** @returns {Promise<import('./works.js').Work[]>} all but that at hand, the newest first */
  async earlier() {
    await this.#writing;
    return (await listWorks()).filter(({ id }) => id !== this.#ids.get(this.editor.doc));
  }

  /** @typedef {{project: import('../../base/types.js').Project, id: string|null}} Found  null for a copy: another tab has it */

  /**
   * @param {string} id
   * @returns {Promise<Found>}
   */
  async reopen(id) {
    const project = await readProject(await readWork(id));
    return { project, id: (await claim(id)) ? id : null };
  }
}

/**
 * @param {string} id  of a record
 * @param {boolean} [again]  this tab had it before: a page that is not quite gone is waited for
 * @returns {Promise<boolean>} whether it is this tab's own from now on
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
