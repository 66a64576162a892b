/** Reads photos, and crops and scales them to a map. */
import { context2d } from '../base/dom.js';
import { UserError } from '../base/errors.js';
import { t } from '../base/i18n.js';

/** The longest side sent to the server, in pixels. */
const SENT_MAX = 2048;

/**
 * Decodes a photo.
 * @param {File} file
 * @returns {Promise<ImageBitmap>} upright, according to its EXIF orientation
 * @throws {UserError} if it is not a picture
 */
export async function readPhoto(file) {
  const photo = await createImageBitmap(file).catch(() => null);
  if (!photo)
    throw new UserError(t('“{name}” is not a readable picture. Use a PNG, JPEG or WebP file.', { name: file.name }));
  return photo;
}

/**
 * Scales a photo to fill a size and crops what is outside.
 * @param {ImageBitmap} photo
 * @param {number} width
 * @param {number} height
 * @returns {OffscreenCanvas} the middle of the photo, crop this size
 */
export function crop(photo, width, height) {
  const canvas = new OffscreenCanvas(width, height);
  const context = context2d(canvas, { willReadFrequently: true });
  const scale = Math.min(photo.width / width, photo.height / height);
  const [across, down] = [width * scale, height * scale];
  context.imageSmoothingQuality = 'high';
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(photo, (photo.width - across) / 2, (photo.height - down) / 2, across, down, 0, 0, width, height);
  return canvas;
}

/**
 * Crops a photo to the aspect ratio of a map.
 * @param {ImageBitmap} photo
 * @param {number} width  of the map
 * @param {number} height
 * @returns {Promise<{picture: ImageData, sent: Blob}>} at the size of the map, and as a JPEG at the resolution the server uses
 */
export async function cropPhoto(photo, width, height) {
  const picture = context2d(crop(photo, width, height)).getImageData(0, 0, width, height);
  const shown = Math.max(1, Math.min(photo.width / width, photo.height / height));
  const scale = Math.min(shown, SENT_MAX / Math.max(width, height));
  const large = crop(photo, Math.round(width * scale), Math.round(height * scale));
  return { picture, sent: await large.convertToBlob({ type: 'image/jpeg', quality: 0.95 }) };
}
