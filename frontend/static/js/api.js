/** @typedef {import('./types.js').Model} Model */
import { parseJson } from './dom.js';

/** Milliseconds for what takes the server no work. */
const PATIENCE = 10000;

/**
 * Asks the server.
 * @param {string} path
 * @param {RequestInit} init
 * @returns {Promise<Blob>} a good answer
 * @throws {Error} the server's own message, or that it does not answer
 */
async function ask(path, init) {
  /** @type {Response} */
  let answer;
  /** @type {Blob} */
  let body;
  try {
    answer = await fetch(path, init);
    body = await answer.blob();
  } catch {
    if (init.signal?.aborted && init.signal.reason?.name === 'AbortError') throw init.signal.reason;
    throw new Error('The server does not answer. Your work stays here; try again in a moment.');
  }
  if (answer.ok) return body;
  const said = parseJson(await body.text())?.error?.message;
  throw new Error(said ?? `The server answered ${answer.status} without saying why.`);
}

/** @param {string} path  of something that is there already */
function get(path) {
  return ask(path, { signal: AbortSignal.timeout(PATIENCE) });
}

/** @param {Blob} blob */
async function bytes(blob) {
  return new Uint8Array(await blob.arrayBuffer());
}

/** @returns {Promise<Model[]>} */
export async function listModels() {
  return JSON.parse(await (await get('api/models')).text()).models;
}

/**
 * @param {string} modelId
 * @param {string} sceneId
 * @returns {Promise<Uint8Array>} a label map, as PNG
 */
export async function fetchScene(modelId, sceneId) {
  return bytes(await get(`api/models/${encodeURIComponent(modelId)}/scenes/${encodeURIComponent(sceneId)}.png`));
}

/**
 * @param {string} modelId
 * @param {Blob} photo
 * @returns {Promise<Uint8Array>} a label map, as PNG
 */
export async function segment(modelId, photo) {
  const form = new FormData();
  form.set('photo', photo, 'photo');
  return bytes(await ask(`api/models/${encodeURIComponent(modelId)}/segment`, { method: 'POST', body: form }));
}

/**
 * @param {string} modelId
 * @param {Uint8Array} labels  as PNG
 * @param {number} seed
 * @returns {Promise<Blob>} the picture, as PNG
 */
export async function synthesize(modelId, labels, seed) {
  const form = new FormData();
  form.set('labels', new Blob([/** @type {BlobPart} */ (labels)], { type: 'image/png' }), 'labels.png');
  form.set('noise', JSON.stringify({ seed }));
  return ask(`api/models/${encodeURIComponent(modelId)}/synthesize?format=png`, { method: 'POST', body: form });
}

/**
 * @param {string} modelId
 * @param {Uint8Array} labels  as PNG
 * @param {Blob} picture  of the same size
 * @param {AbortSignal} [signal]
 * @returns {Promise<{realism: number, fidelity: number, classes: {id: number, agreement: number}[], maps: {realism: string, fidelity: string}}>}
 * 0..1; the maps are gray PNGs in base64
 */
export async function inspect(modelId, labels, picture, signal) {
  const form = new FormData();
  form.set('labels', new Blob([/** @type {BlobPart} */ (labels)], { type: 'image/png' }), 'labels.png');
  form.set('picture', picture, 'picture.png');
  const body = await ask(`api/models/${encodeURIComponent(modelId)}/inspect`, { method: 'POST', body: form, signal });
  return JSON.parse(await body.text());
}
