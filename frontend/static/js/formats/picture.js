/** Decodes and encodes pictures with the browser's own codecs. */
import { context2d } from '../base/dom.js';

/**
 * Decodes a picture without color management.
 * @param {Blob} blob  in any format the browser reads
 * @returns {Promise<ImageData>}
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
 * Encodes a picture.
 * @param {ImageData|ImageBitmap} picture
 * @param {ImageEncodeOptions} [options]  PNG by default
 * @returns {Promise<Blob>}
 */
export function encodePicture(picture, options) {
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = context2d(canvas);
  if (picture instanceof ImageData) context.putImageData(picture, 0, 0);
  else context.drawImage(picture, 0, 0);
  return canvas.convertToBlob(options);
}
