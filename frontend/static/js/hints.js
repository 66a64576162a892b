/**
 * What the discriminator makes of a picture: where it looks real, where it shows the classes that were painted.
 * A hint, no measure: it is the guess of the network that the generator learned to please.
 */
/** @typedef {import('./types.js').Model} Model */
import { inspect } from './api.js';
import { encodePicture } from './dom.js';
import { decodePng, encodePng } from './png.js';

/**
 * @typedef {object} Hints
 * @property {number} realism  mean over the picture, 0..1
 * @property {number} fidelity  mean over what is painted, 0..1
 * @property {Map<number, number>} classes  how well each painted class is seen, 0..1, by id
 * @property {{realism: Uint8Array, fidelity: Uint8Array}} maps  0..255 a pixel of the picture
 */

/**
 * @param {Model} model  one with a segmenter
 * @param {{width: number, labels: Uint8Array}} content  the label map that the picture is to show
 * @param {ImageData} picture  of the same size
 * @param {AbortSignal} [signal]
 * @returns {Promise<Hints>}
 * @throws {Error} fit for people; the signal's reason when it was given up
 */
export async function hints(model, { width, labels }, picture, signal) {
  const png = await encodePng(labels, width);
  const answer = await inspect(model.id, png, await encodePicture(picture), signal);
  const [realism, fidelity] = await Promise.all([grays(answer.maps.realism), grays(answer.maps.fidelity)]);
  return {
    realism: answer.realism,
    fidelity: answer.fidelity,
    classes: new Map(answer.classes.map(({ id, agreement }) => [id, agreement])),
    maps: { realism, fidelity },
  };
}

/**
 * @param {string} base64  of a gray PNG
 * @returns {Promise<Uint8Array>} its pixels
 */
export async function grays(base64) {
  const { ids } = await decodePng(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
  if (!ids) throw new Error('The server answered with a map in colours, not in grays.');
  return ids;
}
