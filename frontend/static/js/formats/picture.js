/** Pictures as files, by the browser's own decoders and encoders. */
import { context2d } from '../base/dom.js';

/**
 * @param {Blob} blob  a picture in any format the browser reads
 * @returns {Promise<ImageData>} its pixels, without color management
 */
export async function decodePicture(blob) {
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none' });
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = context2d(canvas, { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/**
 * @param {ImageData|ImageBitmap} picture
 * @param {ImageEncodeOptions} [options]  PNG, unless they say otherwise
 * @returns {Promise<Blob>}
 */
export function encodePicture(picture, options) {
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = context2d(canvas);
  if (picture instanceof ImageData) context.putImageData(picture, 0, 0);
  else context.drawImage(picture, 0, 0);
  return canvas.convertToBlob(options);
}
