/** Works saved in IndexedDB, each as the members of a project. */
/** @typedef {{id: string, name: string, saved: number}} Work  `saved`: milliseconds since 1970, or 0 if unknown. */
import { UserError } from '../../base/errors.js';
import { t } from '../../base/i18n.js';

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
const answer = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Milliseconds to wait for the database: in a damaged browser profile it never answers. */
const TIMEOUT = 4000;

/** A request was not answered in time, and still is not: others are not made to wait behind it. */
let silent = false;

/** @returns {Promise<IDBDatabase>} @throws {UserError} if the browser refuses, or does not answer */
async function openDatabase() {
  try {
    if (silent) throw new Error();
    const opening = indexedDB.open('oasis-studio', 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore('works', { keyPath: 'id' });
      opening.result.createObjectStore('parts');
    };
    return await inTime(answer(opening));
  } catch {
    throw new UserError(t('This browser does not let the page store anything.'));
  }
}

/**
 * @param {Promise<IDBDatabase>} opening
 * @returns {Promise<IDBDatabase>} rejected if it takes too long
 */
function inTime(opening) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject((silent = true)), TIMEOUT);
    const answered = () => {
      clearTimeout(timer);
      silent = false;
    };
    opening.finally(answered).then(resolve, reject);
  });
}

/**
 * Runs a transaction.
 * @template T
 * @param {(works: IDBObjectStore, parts: IDBObjectStore) => Promise<T>} work  may await only its requests
 * @returns {Promise<T>} after it is committed
 */
async function transact(work) {
  const database = await openDatabase();
  try {
    const transaction = database.transaction(['works', 'parts'], 'readwrite');
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    const working = work(transaction.objectStore('works'), transaction.objectStore('parts')).catch((error) => {
      transaction.abort();
      throw error;
    });
    return (await Promise.all([working, done]))[0];
  } finally {
    database.close();
  }
}

/** @param {string} id */
const partsOf = (id) => IDBKeyRange.bound([id], [id, []]);

/** @returns {Promise<Work[]>} newest first; whatever is in the database, ids and names are texts */
export async function listWorks() {
  /** @type {any[]} */
  const works = await transact((works) => answer(works.getAll()));
  return works
    .filter(({ id }) => typeof id === 'string')
    .map(({ id, name, saved }) => ({
      id,
      name: typeof name === 'string' ? name : '',
      saved: Number.isFinite(new Date(saved).getTime()) ? Number(saved) : 0,
    }))
    .sort((a, b) => b.saved - a.saved);
}

/**
 * Reads a work.
 * @param {string} id
 * @returns {Promise<Map<string, Uint8Array>>} its members by name
 */
export async function readWork(id) {
  const range = partsOf(id);
  const read = transact((_, parts) => Promise.all([answer(parts.getAllKeys(range)), answer(parts.getAll(range))]));
  const [keys, values] = await read;
  return new Map(keys.map((key, i) => [/** @type {string[]} */ (key)[1], values[i]]));
}

/**
 * Saves a work. Immutable members that are saved already are not written again.
 * @param {string} id
 * @param {string} name  of the project
 * @param {Map<string, import('./members.js').Encode>} files
 */
export async function saveWork(id, name, files) {
  const keys = await transact((_, parts) => answer(parts.getAllKeys(partsOf(id))));
  const there = new Set(keys.map((key) => /** @type {string[]} */ (key)[1]));
  /** @type {[string, Uint8Array][]} */
  const fresh = [];
  for (const [name, encode] of files) {
    if (!name.startsWith('parts/') || !there.has(name)) fresh.push([name, await encode()]);
  }
  await transact(async (works, parts) => {
    works.put({ id, name, saved: Date.now() });
    for (const name of there) if (!files.has(name)) parts.delete([id, name]);
    for (const [name, data] of fresh) parts.put(data, [id, name]);
  });
}

/** Deletes a work. @param {string} id */
export function deleteWork(id) {
  return transact(async (works, parts) => {
    works.delete(id);
    parts.delete(partsOf(id));
  });
}
