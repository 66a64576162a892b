/** Photos cut and scaled to what a map or the server can take. */
import { SIDE_MAX } from '../editor.js';
import { t } from '../i18n.js';

/** Of what is sent, in pixels a side. */
const SENT_MAX = 2048;

/**
 * @param {File} file
 * @returns {Promise<ImageBitmap>} upright, as its EXIF orientation says
 * @throws {Error} fit for people
 */
export async function readPhoto(file) {
  const photo = await createImageBitmap(file).catch(() => null);
  if (!photo)
    throw new Error(t('“{name}” is no picture that can be read. Take a PNG, JPEG or WebP file.', { name: file.name }));
  return photo;
}

/**
 * @param {{width: number, height: number}} photo  or a label map
 * @param {{width: number, height: number}} map  the new one gets about as many pixels as this one
 * @param {number} stride  sides are multiples of this
 * @returns {{width: number, height: number}} of a map that shows all of the photo, or nearly
 */
export function sizeFor(photo, map, stride) {
  const ratio = Math.min(4, Math.max(1 / 4, photo.width / photo.height));
  const height = Math.sqrt((map.width * map.height) / ratio);
  /** @param {number} side */
  const even = (side) => Math.min(Math.floor(SIDE_MAX / stride), Math.max(1, Math.round(side / stride))) * stride;
  return { width: even(height * ratio), height: even(height) };
}

/**
 * @param {ImageBitmap} photo
 * @param {number} width
 * @param {number} height
 * @returns {OffscreenCanvas} the middle of the photo, filling this size
 */
export function filling(photo, width, height) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser cannot draw on a canvas.');
  const scale = Math.min(photo.width / width, photo.height / height);
  const [across, down] = [width * scale, height * scale];
  context.imageSmoothingQuality = 'high';
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(photo, (photo.width - across) / 2, (photo.height - down) / 2, across, down, 0, 0, width, height);
  return canvas;
}

/**
 * @param {ImageBitmap} photo
 * @param {number} width  of the map
 * @param {number} height
 * @returns {Promise<{picture: ImageData, sent: Blob}>} the photo in pixels of the map, and as large as the server makes use of it
 */
export async function fittedTo(photo, width, height) {
  const picture = filling(photo, width, height).getContext('2d')?.getImageData(0, 0, width, height);
  if (!picture) throw new Error('This browser cannot draw on a canvas.');
  const shown = Math.max(1, Math.min(photo.width / width, photo.height / height));
  const scale = Math.min(shown, SENT_MAX / Math.max(width, height));
  const large = filling(photo, Math.round(width * scale), Math.round(height * scale));
  return { picture, sent: await large.convertToBlob({ type: 'image/jpeg', quality: 0.95 }) };
}
