/** @typedef {import('./types.js').Model} Model */
import { parseJson } from './dom.js';

/**
 * Asks the server.
 * @param {string} path
 * @param {RequestInit} [init]
 * @returns {Promise<Response>} a good answer
 * @throws {Error} the server's own message, or that it does not answer
 */
async function ask(path, init) {
  /** @type {Response} */
  let answer;
  try {
    answer = await fetch(path, init);
  } catch {
    throw new Error('The server does not answer. Your work stays here; try again in a moment.');
  }
  if (answer.ok) return answer;
  const said = parseJson(await answer.text())?.error?.message;
  throw new Error(said ?? `The server answered ${answer.status} without saying why.`);
}

/** @returns {Promise<Model[]>} */
export async function listModels() {
  const answer = await ask('api/models');
  return (await answer.json()).models;
}

/**
 * @param {string} modelId
 * @param {string} sceneId
 * @returns {Promise<Uint8Array>} a label map, as PNG
 */
export async function fetchScene(modelId, sceneId) {
  const answer = await ask(`api/models/${encodeURIComponent(modelId)}/scenes/${encodeURIComponent(sceneId)}.png`);
  return new Uint8Array(await answer.arrayBuffer());
}

/**
 * @param {string} modelId
 * @param {Blob} photo
 * @returns {Promise<Uint8Array>} a label map, as PNG
 */
export async function segment(modelId, photo) {
  const form = new FormData();
  form.set('photo', photo, 'photo');
  const answer = await ask(`api/models/${encodeURIComponent(modelId)}/segment`, { method: 'POST', body: form });
  return new Uint8Array(await answer.arrayBuffer());
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
  const answer = await ask(`api/models/${encodeURIComponent(modelId)}/synthesize?format=png`, { method: 'POST', body: form });
  return answer.blob();
}
