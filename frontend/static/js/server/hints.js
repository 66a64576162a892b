/**
 * What the discriminator makes of a picture: where it looks real, where it shows the classes that were painted.
 * A hint, no measure: it is the guess of the network that the generator learned to please.
 */
/** @typedef {import('../base/types.js').Model} Model */
import { encodePicture } from '../formats/picture.js';
import { encodePng } from '../formats/png.js';
import { inspect } from './api.js';

/**
 * @typedef {object} Hints
 * @property {number} realism  mean over the picture, 0..1
 * @property {number} fidelity  mean over what is painted, 0..1
 * @property {Map<number, number>} classes  how well each painted class is seen, 0..1, by id
 * @property {{realism: Uint8Array, fidelity: Uint8Array}} maps  0..255 a pixel of the picture
 */

/**
 * @param {Model} model  one that can inspect
 * @param {Pick<import('../base/types.js').Content, 'width'|'labels'>} content  what the picture is to show
 * @param {ImageData} picture  of the same size
 * @param {AbortSignal} [signal]
 * @returns {Promise<Hints>}
 * @throws {UserError} the signal's reason when it was given up
 */
export async function hints(model, { width, labels }, picture, signal) {
  const png = await encodePng(labels, width);
  const answer = await inspect(model.id, png, await encodePicture(picture), signal);
  return { ...answer, classes: new Map(answer.classes.map(({ id, agreement }) => [id, agreement])) };
}
