/**
 * Shared copies on the server: who has the link reads one, this browser has the keys to those it made. Each tab knows
 * what it last rememberEtag of a copy, so none overwrites unawares what another put there.
 */
import { RequestError } from '../../base/errors.js';
import { loadItem, saveItem } from '../../base/storage.js';
import { fetchBlob, request } from '../../server/api.js';

const AT = 'api/projects';
/** Not the Authorization: that is between the browser and a proxy before the server. */
const KEY = 'X-Project-Key';

/** @param {string} link  id of a copy */
export const addressOf = (link) => new URL(`?project=${link}`, document.baseURI).href;

/** @returns {Promise<number>} bytes that a copy may have, 0 where the server keeps none */
export async function maxBytes() {
  const { enabled, max_bytes } = JSON.parse(await (await fetchBlob(AT, {})).text());
  return enabled ? max_bytes : 0;
}

/** @type {(link: string, etag: string|null) => void} */
const rememberEtag = (link, etag) => {
  try {
    sessionStorage.setItem(`oasis-copy ${link}`, etag ?? '');
  } catch {
    // Where nothing may be kept, the copy is replaced unasked.
  }
};

/**
 * @param {string} link
 * @param {AbortSignal} signal
 * @returns {Promise<Blob>} the copy
 * @throws {UserError} its `status` is 404 if there is none
 */
export async function fetchCopy(link, signal) {
  const { body, etag } = await request(`${AT}/${encodeURIComponent(link)}`, { signal });
  rememberEtag(link, etag);
  return body;
}

/**
 * @param {Blob} file
 * @param {string|null} link  of the copy to replace, if this browser may; else there is a new one
 * @param {boolean} force  of what others put there
 * @returns {Promise<string>} the copy's link
 * @throws {UserError} its `status` is 412 if the copy is not what this tab rememberEtag last
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
      // A new one only if the old one is gone or belongs to another browser.
      if (!(error instanceof RequestError && [403, 404].includes(error.status))) throw error;
    }
  }
  const { body, etag } = await request(AT, { method: 'POST', body: file });
  const made = JSON.parse(await body.text());
  saveItem(`oasis-key ${made.id}`, made.key);
  rememberEtag(made.id, etag);
  return made.id;
}
