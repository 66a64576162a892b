/** Paints pictures of any content outside the live connection, with one request each. */
/** @typedef {import('../base/types.js').Model} Model */
import { wireContent } from '../document/wire-noise.js';
import { decodePicture } from '../formats/picture.js';
import { encodePng } from '../formats/png.js';
import { synthesize } from './api.js';

/**
 * Paints a picture.
 * @param {Model} model
 * @param {import('../base/types.js').Content} content  as in a document
 * @param {AbortSignal} [signal]  aborts the request
 * @returns {Promise<ImageData>} the live picture of this content, without photo and frozen pixels
 * @throws {UserError} if the request fails; the signal's reason if it was aborted
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
