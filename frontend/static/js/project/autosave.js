/**
 * Keeps the work in the browser, a moment after each step, and finds it again. Each document has a record of its own,
 * and a lock on it as long as its tab lives, so no two tabs write the same.
 */
/** @typedef {import('../editor.js').Editor} Editor */
/** @typedef {import('../document.js').Document} Document */
import { whenIdle } from '../dom.js';
import { randomSeed } from '../noise.js';
import { members } from './members.js';
import { readProject } from './read.js';
import { dropWork, keepWork, listWorks, readWork } from './shelf.js';

/** Milliseconds from a change to its record. */
const SOON = 500;
const WORKS_MAX = 10;
const AGE_MAX = 30 * 24 * 3600e3;
/** In the session's storage: which record this tab wrote last; '' for none. */
const KEY = 'oasis-work';

/** Milliseconds. */
const PATIENCE = 600;

export class Autosave {
  /** @type {WeakMap<Document, string>} */
  #ids = new WeakMap();
  /** The versions that are kept. @type {WeakMap<Document, number>} */
  #kept = new WeakMap();
  #timer = 0;
  #writing = Promise.resolve();
  #failed = false;

  /**
   * @param {Editor} editor
   * @param {() => import('./members.js').Project} capture  the work of now
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
    this.editor.store.watch(['version', 'stroking', 'about', 'underlay'], ({ stroking }) => {
      if (stroking) return;
      session.setItem(KEY, this.#ids.get(this.editor.doc) ?? '');
      this.#timer ||= setTimeout(whenIdle(() => this.#write()), SOON);
    });
  }

  /** Whether the tab's end would be the end of something. */
  get #isUnsafe() {
    const { doc, isWork } = this.editor;
    return isWork && doc.version !== this.#kept.get(doc) && doc.version !== doc.about.saved;
  }

  #write() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const { doc, isWork } = this.editor;
    if (!isWork || doc.isOpen) return;
    const files = members(this.capture());
    const { version } = doc;
    this.#writing = this.#writing.then(async () => {
      try {
        const id = this.#ids.get(doc) ?? randomSeed().toString(36) + randomSeed().toString(36);
        this.own(doc, id);
        await keepWork(id, files);
        this.#kept.set(doc, version);
        this.#failed = false;
      } catch (error) {
        if (!this.#failed) this.failed(error);
        this.#failed = true;
      }
    });
  }

  /**
   * @param {Document} doc
   * @param {string} id  of its record
   */
  own(doc, id) {
    if (!this.#ids.has(doc)) hold(id);
    this.#ids.set(doc, id);
    if (doc === this.editor.doc) sessionStorage.setItem(KEY, id);
  }

  /**
   * Looks for what this tab had before it was loaded anew; a new tab takes the newest work that no tab has.
   * @returns {Promise<{project: import('./members.js').Project, id: string|null, saved: number, again: boolean}|null>}
   * `id` is null for a copy: another tab has it open; `again` in the tab that had it before
   */
  async recover() {
    const before = sessionStorage.getItem(KEY);
    const works = await listWorks();
    let found = works.find(({ id }) => id === before);
    let mine = found !== undefined && (await hold(found.id, true));
    for (const [i, work] of works.entries()) {
      const wanted = before === null && !found;
      const old = i >= WORKS_MAX || work.saved < Date.now() - AGE_MAX;
      if (work === found || !(wanted || old) || !(await hold(work.id))) continue;
      if (wanted) [found, mine] = [work, true];
      else await dropWork(work.id);
    }
    if (!found) return null;
    const project = await readProject(await readWork(found.id));
    return { project, id: mine ? found.id : null, saved: found.saved, again: before !== null };
  }
}

/**
 * @param {string} id  of a record
 * @param {boolean} [again]  this tab had it before: a page that is not quite gone is waited for
 * @returns {Promise<boolean>} whether it is this tab's own from now on; where the browser has no locks, only one it had
 */
function hold(id, again = false) {
  return new Promise((resolve) => {
    if (!navigator.locks) return resolve(again);
    const options = again ? { signal: AbortSignal.timeout(PATIENCE) } : { ifAvailable: true };
    const asked = navigator.locks.request(`oasis-work ${id}`, options, (lock) => {
      resolve(lock !== null);
      return lock && new Promise(() => {});
    });
    asked.catch(() => resolve(false));
  });
}
