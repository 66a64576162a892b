/** Pictures beside the one that is being edited: of any labels and noise, one request each. */
/** @typedef {import('../base/types.js').Model} Model */
import { wireContent } from '../document/wire-noise.js';
import { decodePicture } from '../formats/picture.js';
import { encodePng } from '../formats/png.js';
import { synthesize } from './api.js';

/**
 * @param {Model} model
 * @param {import('../base/types.js').Content} content  as in a document
 * @param {AbortSignal} [signal]  gives it up
 * @returns {Promise<ImageData>} what the live picture of this content would be, without pixels kept
 * @throws {UserError} or what the signal says
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
