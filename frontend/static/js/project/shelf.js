/** Works that the browser keeps: each the members of a project, in IndexedDB. */
/** @typedef {{id: string, saved: number}} Work  `saved` in milliseconds since 1970 */

/** @type {Promise<IDBDatabase>|null} */
let opened = null;

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

/** @returns {Promise<IDBDatabase>} opened again if it was lost */
function database() {
  const request = indexedDB.open('oasis-studio', 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore('works', { keyPath: 'id' });
    request.result.createObjectStore('parts');
  };
  return answer(request).then((found) => {
    found.onclose = found.onversionchange = () => {
      found.close();
      opened = null;
    };
    return found;
  });
}

/**
 * One transaction: all of it happens, or nothing.
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(works: IDBObjectStore, parts: IDBObjectStore) => T|Promise<T>} work  awaits nothing but its requests
 * @returns {Promise<T>} once it is on disk
 */
async function transact(mode, work) {
  opened ??= database().catch((error) => {
    opened = null;
    throw error;
  });
  const transaction = (await opened).transaction(['works', 'parts'], mode);
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  const result = await Promise.all([work(transaction.objectStore('works'), transaction.objectStore('parts')), done]);
  return result[0];
}

/** @param {string} id */
const partsOf = (id) => IDBKeyRange.bound([id], [id, []]);

/** @returns {Promise<Work[]>} the newest first */
export async function listWorks() {
  /** @type {Work[]} */
  const works = await transact('readonly', (works) => answer(works.getAll()));
  return works.sort((a, b) => b.saved - a.saved);
}

/**
 * @param {string} id
 * @returns {Promise<Map<string, Uint8Array>>} its members by name
 */
export async function readWork(id) {
  const [keys, values] = await transact('readonly', (_, parts) =>
    Promise.all([answer(parts.getAllKeys(partsOf(id))), answer(parts.getAll(partsOf(id)))]),
  );
  return new Map(keys.map((key, i) => [/** @type {string[]} */ (key)[1], values[i]]));
}

/**
 * Keeps a work as it is now. What is kept already and does not change is not written again.
 * @param {string} id
 * @param {Map<string, import('./members.js').Encode>} files
 */
export async function keepWork(id, files) {
  const keys = await transact('readonly', (_, parts) => answer(parts.getAllKeys(partsOf(id))));
  const there = new Set(keys.map((key) => /** @type {string[]} */ (key)[1]));
  /** @type {[string, Uint8Array][]} */
  const fresh = [];
  for (const [name, encode] of files) {
    if (!name.startsWith('parts/') || !there.has(name)) fresh.push([name, await encode()]);
  }
  await transact('readwrite', (works, parts) => {
    works.put({ id, saved: Date.now() });
    for (const name of there) if (!files.has(name)) parts.delete([id, name]);
    for (const [name, data] of fresh) parts.put(data, [id, name]);
  });
}

/** @param {string} id */
export function dropWork(id) {
  return transact('readwrite', (works, parts) => {
    works.delete(id);
    parts.delete(partsOf(id));
  });
}
