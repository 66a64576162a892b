/** Pictures beside the one that is being edited: of any labels and noise, one request each. */
/** @typedef {import('./types.js').Model} Model */
import { synthesize } from './api.js';
import { decodePicture } from './dom.js';
import { wireContent } from './noise/rings.js';
import { encodePng } from './png.js';

/**
 * @param {Model} model
 * @param {{width: number, labels: Uint8Array, regions: Uint8Array, noise: import('./types.js').Noise}} content  as in a document
 * @param {AbortSignal} [signal]  gives it up
 * @returns {Promise<ImageData>} what the live picture of this content would be, without pixels kept
 * @throws {Error} fit for people, or what the signal says
 */
export async function render(model, content, signal) {
  const { width } = content;
  const { noise, regions } = wireContent(content);
  const sent = {
    labels: await encodePng(content.labels, width),
    noise,
    ...(content.noise.regions.length && { regions: await encodePng(regions, width) }),
  };
  return decodePicture(await synthesize(model.id, sent, signal));
}
