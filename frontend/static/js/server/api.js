/** Requests to the HTTP API of the server. */
/** @typedef {import('../base/types.js').Model} Model */
import { RequestError, UserError } from '../base/errors.js';
import { t } from '../base/i18n.js';
import { parseJson } from '../base/json.js';
import { decodePng } from '../formats/png.js';

/** Milliseconds for requests that are cheap for the server. */
const TIMEOUT = 10000;
/** The status of a server that is too busy: the request is repeated. */
const BUSY = 503;
const TRIES = 5;
const PAUSE = 700;

/**
 * Sends a request, and repeats it while the server is busy.
 * @param {string} path
 * @param {RequestInit} init
 * @param {number} [tries]  the most attempts
 * @returns {Promise<{body: Blob, etag: string|null}>} a successful response
 * @throws {RequestError} with the server's message, if it refused
 * @throws {UserError} if the server does not respond; if the signal was aborted, its reason instead
 */
export async function request(path, init, tries = TRIES) {
  /** @type {Response} */
  let answer;
  /** @type {Blob} */
  let body;
  try {
    answer = await fetch(path, init);
    body = await answer.blob();
  } catch {
    if (init.signal?.reason?.name === 'AbortError') throw init.signal.reason;
    throw new UserError(t('The server is not responding. Your work is still here; try again in a moment.'));
  }
  if (answer.ok) return { body, etag: answer.headers.get('ETag') };
  if (answer.status === BUSY && tries > 1) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    return request(path, init, tries - 1);
  }
  const message = parseJson(await body.text())?.error?.message;
  const { status } = answer;
  throw new RequestError(message ?? t('The server failed with status {status}.', { status }), status);
}

/**
 * Sends a request and returns the body; see `request`.
 * @type {(path: string, init: RequestInit) => Promise<Blob>}
 */
export const fetchBlob = async (path, init) => (await request(path, init)).body;

/** @param {string} path  of a resource that takes no work to send */
function get(path) {
  return fetchBlob(path, { signal: AbortSignal.timeout(TIMEOUT) });
}

/** Whether the server answers. */
export async function isReachable() {
  try {
    await get('healthz');
    return true;
  } catch {
    return false;
  }
}

/** @param {Blob} blob */
async function bytes(blob) {
  return new Uint8Array(await blob.arrayBuffer());
}

/** @returns {Promise<Model[]>} all models of the server */
export async function listModels() {
  return JSON.parse(await (await get('api/models')).text()).models;
}

/**
 * Fetches a starter scene.
 * @param {string} modelId
 * @param {string} sceneId
 * @returns {Promise<Uint8Array>} a label map, as PNG
 */
export async function fetchScene(modelId, sceneId) {
  return bytes(await get(`api/models/${encodeURIComponent(modelId)}/scenes/${encodeURIComponent(sceneId)}.png`));
}

/**
 * Segments a photo.
 * @param {string} modelId
 * @param {Blob} photo
 * @returns {Promise<{labels: import('../base/types.js').Labels, confidence: Uint8Array}>} of the model's native size: class ids, and the confidence of each, 0..255
 */
export async function segment(modelId, photo) {
  const form = new FormData();
  form.set('photo', photo, 'photo');
  const path = `api/models/${encodeURIComponent(modelId)}/segment?confidence=true`;
  const { labels, confidence } = JSON.parse(await (await fetchBlob(path, { method: 'POST', body: form })).text());
  return { labels: await decodeMap(labels), confidence: await grays(confidence) };
}

/**
 * Paints a picture.
 * @param {string} modelId
 * @param {{labels: Uint8Array, noise: object, regions?: Uint8Array}} content  maps as PNG; the noise in the format of the server
 * @param {AbortSignal} [signal]
 * @returns {Promise<Blob>} the picture, as PNG
 */
export async function synthesize(modelId, { labels, noise, regions }, signal) {
  const form = new FormData();
  form.set('labels', pngBlob(labels), 'labels.png');
  form.set('noise', JSON.stringify(noise));
  if (regions) form.set('regions', pngBlob(regions), 'regions.png');
  return fetchBlob(`api/models/${encodeURIComponent(modelId)}/synthesize?format=png`, {
    method: 'POST',
    body: form,
    signal,
  });
}

/**
 * Lets the discriminator judge a picture.
 * @param {string} modelId
 * @param {Uint8Array} labels  as PNG
 * @param {Blob} picture  of the same size
 * @param {AbortSignal} [signal]
 * @returns {Promise<{realism: number, fidelity: number, classes: {id: number, agreement: number}[], maps: {realism: Uint8Array, fidelity: Uint8Array}}>}
 * scores 0..1, maps 0..255
 */
export async function inspect(modelId, labels, picture, signal) {
  const form = new FormData();
  form.set('labels', pngBlob(labels), 'labels.png');
  form.set('picture', picture, 'picture.png');
  const path = `api/models/${encodeURIComponent(modelId)}/inspect`;
  const { realism, fidelity, classes, maps } = JSON.parse(
    await (await fetchBlob(path, { method: 'POST', body: form, signal })).text(),
  );
  const [real, faithful] = await Promise.all([grays(maps.realism), grays(maps.fidelity)]);
  // With nothing painted there are no labels to match.
  return { realism, fidelity: fidelity ?? 1, classes, maps: { realism: real, fidelity: faithful } };
}

/**
 * @param {string} base64  a gray PNG of 8 bits
 * @returns {Promise<Uint8Array>} its values
 */
async function grays(base64) {
  return Uint8Array.from(await decodeMap(base64));
}

/**
 * @param {string} base64  a gray or palette PNG
 * @returns {Promise<import('../base/types.js').Labels>} its values
 */
async function decodeMap(base64) {
  const { ids } = await decodePng(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
  if (!ids) throw new Error('The server answered with a map in colors, not in grays.');
  return ids;
}

/** @param {Uint8Array} png */
const pngBlob = (png) => new Blob([/** @type {BlobPart} */ (png)], { type: 'image/png' });
