/**
 * Hints from the discriminator: where a picture looks real, and where it shows the painted classes. They are not
 * measurements, since the generator was trained to satisfy this very network.
 */
/** @typedef {import('../base/types.js').Model} Model */
import { encodePicture } from '../formats/picture.js';
import { encodePng } from '../formats/png.js';
import { inspect } from './api.js';

/**
 * @typedef {object} Hints
 * @property {number} realism  mean of the picture, 0..1
 * @property {number} fidelity  mean of the painted pixels, 0..1
 * @property {Map<number, number>} classes  by id: how well each painted class is recognized, 0..1
 * @property {{realism: Uint8Array, fidelity: Uint8Array}} maps  0..255 per pixel
 */

/**
 * Asks the server for hints.
 * @param {Model} model  with the capability `inspect`
 * @param {Pick<import('../base/types.js').Content, 'width'|'labels'>} content  the labels the picture was painted from
 * @param {ImageData} picture  of the same size
 * @param {AbortSignal} [signal]
 * @returns {Promise<Hints>}
 * @throws {UserError} if the request fails; the signal's reason if it was aborted
 */
export async function hints(model, { width, labels }, picture, signal) {
  const png = await encodePng(labels, width);
  const answer = await inspect(model.id, png, await encodePicture(picture), signal);
  return { ...answer, classes: new Map(answer.classes.map(({ id, agreement }) => [id, agreement])) };
}
