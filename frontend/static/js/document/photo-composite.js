/** Shows a photo unchanged, except where its labels or its noise were edited. */
/** @typedef {import('../base/types.js').Photo} Photo */
import { context2d } from '../base/dom.js';
import { depths } from '../maps/distance.js';
import { resizeNearest } from '../maps/labelmap.js';
import { composite } from './composite.js';

/** Pixels around an edit over which the photo blends into the painted picture; as many as in composite.js. */
const SEAM = 8;
/**
 * The share of the color difference in the seam that is added to the painted part. All of it would tint a forest like
 * the sky beside it.
 */
const TINT = 0.5;

/**
 * Prepares the last step of painting a content.
 * @param {Pick<import('../base/types.js').Snapshot, 'photo'|'frozen'|'width'|'labels'|'regions'|'noise'>} content
 * @returns {(fresh: ImageData) => ImageData} composites a new picture with the photo and the frozen pixels
 */
export function finisher({ photo, frozen, width, labels, regions, noise }) {
  const own = new Uint8Array(256);
  for (const { id, plain } of noise.regions) own[id] = plain ? 0 : 1;
  const changed = photo?.shown
    ? Uint8Array.from(labels, (id, i) => (id !== photo.labels[i] ? 1 : own[regions[i]]))
    : null;
  return (fresh) => {
    const edited = photo && changed ? preserve(photo.picture, changed, width, fresh) : fresh;
    return frozen ? composite(frozen, edited) : edited;
  };
}

/**
 * @param {ImageData} photo
 * @param {Uint8Array} changed  1 where the photo must not show
 * @param {number} width
 * @param {ImageData} fresh
 * @returns {ImageData} the photo, with the fresh picture in the changed parts
 */
function preserve(photo, changed, width, fresh) {
  const top = Math.max(0, Math.floor(changed.indexOf(1) / width) - SEAM) * width;
  const bottom = (Math.floor(changed.lastIndexOf(1) / width) + 1 + SEAM) * width;
  if (!changed.includes(1)) return photo;
  const out = new ImageData(photo.data.slice(), width);
  // Only the rows around the changes are composited.
  /** @param {ImageData} picture */
  const rows = (picture) => new ImageData(picture.data.slice(4 * top, 4 * bottom), width);
  out.data.set(blended(rows(photo), changed.subarray(top, bottom), rows(fresh)).data, 4 * top);
  return out;
}

/**
 * @param {ImageData} photo
 * @param {Uint8Array} changed
 * @param {ImageData} fresh
 */
function blended(photo, changed, fresh) {
  const around = depths(
    changed.map((inside) => 1 - inside),
    photo.width,
  );
  const mask = Uint8Array.from(around, (far) => Number(far < SEAM));
  return composite({ picture: photo, mask }, tinted(photo, changed, mask, fresh));
}

/**
 * @param {ImageData} photo
 * @param {Uint8Array} changed
 * @param {Uint8Array} mask  the changes and a seam around them, where both pictures show the same labels
 * @param {ImageData} fresh
 * @returns {ImageData} the fresh picture; each connected part tinted toward the colors of the photo in its seam
 */
function tinted(photo, changed, mask, fresh) {
  const { width, data } = fresh;
  const out = new ImageData(new Uint8ClampedArray(data), width);
  const left = mask.slice();
  for (let start = left.indexOf(1); start >= 0; start = left.indexOf(1, start)) {
    const part = [start];
    left[start] = 0;
    const sum = [0, 0, 0];
    let count = 0;
    for (let at = 0; at < part.length; at++) {
      const i = part[at];
      const x = i % width;
      for (const next of [i - width, i + width, x ? i - 1 : -1, x < width - 1 ? i + 1 : -1]) {
        if (!left[next]) continue;
        left[next] = 0;
        part.push(next);
      }
      if (changed[i]) continue;
      count++;
      for (let c = 0; c < 3; c++) sum[c] += photo.data[4 * i + c] - data[4 * i + c];
    }
    if (!count) continue;
    for (const i of part) for (let c = 0; c < 3; c++) out.data[4 * i + c] = data[4 * i + c] + (TINT * sum[c]) / count;
  }
  return out;
}

/**
 * Resizes a photo with its labels and confidence.
 * @param {Photo} photo
 * @param {number} width
 * @param {number} height
 * @returns {Photo}
 */
export function resizedPhoto(photo, width, height) {
  const { width: from, height: high } = photo.picture;
  const small = new OffscreenCanvas(from, high);
  context2d(small).putImageData(photo.picture, 0, 0);
  const context = context2d(new OffscreenCanvas(width, height), { willReadFrequently: true });
  context.imageSmoothingQuality = 'high';
  context.drawImage(small, 0, 0, width, height);
  const picture = context.getImageData(0, 0, width, height);
  return {
    ...photo,
    picture,
    labels: resizeNearest(photo.labels, from, high, width, height),
    confidence: resizeNearest(photo.confidence, from, high, width, height),
  };
}
