/**
 * Shared copies on the server. Anyone with the link can read a copy; the browser that made it has the key to replace
 * it. Each tab remembers the last version it saw, so that it does not overwrite a newer one by accident.
 */
import { RequestError } from '../../base/errors.js';
import { loadItem, saveItem } from '../../base/storage.js';
import { fetchBlob, request } from '../../server/api.js';

const AT = 'api/projects';
/** The Authorization header is left to a proxy in front of the server. */
const KEY = 'X-Project-Key';

/** @param {string} link  id of a copy @returns {string} its URL */
export const addressOf = (link) => new URL(`?project=${link}`, document.baseURI).href;

/** @returns {Promise<number>} the most bytes of a copy; 0 if the server stores none */
export async function maxBytes() {
  const { enabled, max_bytes } = JSON.parse(await (await fetchBlob(AT, {})).text());
  return enabled ? max_bytes : 0;
}

/** @type {(link: string, etag: string|null) => void} */
const rememberEtag = (link, etag) => {
  try {
    sessionStorage.setItem(`oasis-copy ${link}`, etag ?? '');
  } catch {
    // Storage is blocked: the copy will be replaced without asking.
  }
};

/**
 * Fetches a copy.
 * @param {string} link
 * @param {AbortSignal} signal
 * @returns {Promise<Blob>} the copy
 * @throws {UserError} with status 404 if there is none
 */
export async function fetchCopy(link, signal) {
  const { body, etag } = await request(`${AT}/${encodeURIComponent(link)}`, { signal });
  rememberEtag(link, etag);
  return body;
}

/**
 * Stores a copy.
 * @param {Blob} file
 * @param {string|null} link  of the copy to replace; a new one is made if this browser has no key to it
 * @param {boolean} force  overwrite what others have stored there
 * @returns {Promise<string>} the copy's link
 * @throws {UserError} with status 412 if the copy changed since this tab last saw it
 */
export async function sendCopy(file, link, force) {
  const key = link && loadItem(`oasis-key ${link}`);
  if (key) {
    const seen = !force && sessionStorage.getItem(`oasis-copy ${link}`);
    const headers = { [KEY]: key, ...(seen && { 'If-Match': seen }) };
    try {
      rememberEtag(link, (await request(`${AT}/${link}`, { method: 'PUT', body: file, headers })).etag);
      return link;
    } catch (error) {
      // Make a new copy only if the old one is gone or belongs to another browser.
      if (!(error instanceof RequestError && [403, 404].includes(error.status))) throw error;
    }
  }
  const { body, etag } = await request(AT, { method: 'POST', body: file });
  const made = JSON.parse(await body.text());
  saveItem(`oasis-key ${made.id}`, made.key);
  rememberEtag(made.id, etag);
  return made.id;
}
