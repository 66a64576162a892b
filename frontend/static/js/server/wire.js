/**
 * The messages of the live connection. A frame carries only what changed in the maps since the one before. Frames and
 * answers are `[uint32 header length][header JSON][payload]`, big-endian.
 */
import { bytesOf, concat } from '../base/bytes.js';
import { t } from '../base/i18n.js';
import { parseJson } from '../base/json.js';
import { decodePicture } from '../formats/picture.js';
import { cut, difference, mapLike } from '../maps/labelmap.js';

/**
 * Both are lossless. Raw pixels need no encoding; WebP is half the size, which matters over a network.
 */
const format = () => (['localhost', '127.0.0.1', '[::1]'].includes(location.hostname) ? 'raw' : 'webp');

/**
 * @typedef {object} Content  What a picture is painted from.
 * @property {string} model  its id
 * @property {object} noise
 * @property {number} width
 * @property {import('../base/types.js').Labels} labels
 * @property {Uint8Array} regions
 */

/**
 * @typedef {object} Answer
 * @property {number|null} revision
 * @property {{code: string, message: string}} [error]
 * @property {Record<string, number>} [ms]  milliseconds each part took the server
 * @property {() => Promise<ImageData>} [picture]
 */

/** Packs frames. It remembers the maps that the server has. */
export class Wire {
  /** @type {{model: string, width: number, labels: import('../base/types.js').Labels, regions: Uint8Array}|null} */
  #sent = null;

  /** Makes the next frame carry whole maps, because the server may not have the last ones. */
  forget() {
    this.#sent = null;
  }

  /**
   * Packs a frame.
   * @param {number} revision
   * @param {Content} content
   * @returns {Uint8Array<ArrayBuffer>}
   */
  pack(revision, { model, noise, width, labels, regions }) {
    const height = labels.length / width;
    let sent = this.#sent;
    /** @type {Record<string, unknown>} */
    const header = { revision, model, noise, format: format() };
    if (sent?.model !== model || sent.width !== width || sent.labels.length !== labels.length) {
      header.size = { width, height };
      sent = { model, width, labels: mapLike(labels), regions: mapLike(regions) };
    }
    const parts = [];
    for (const [name, now, before] of /** @type {const} */ ([
      ['labels', labels, sent.labels],
      ['regions', regions, sent.regions],
    ])) {
      const changed = difference(before, now, width);
      if (!changed) continue;
      header[name] = changed;
      parts.push(bytesOf(cut(now, width, changed)));
      before.set(now);
    }
    this.#sent = sent;
    const text = new TextEncoder().encode(JSON.stringify(header));
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, text.length);
    return concat([length, text, ...parts]);
  }
}

/**
 * Unpacks an answer.
 * @param {ArrayBuffer|string} data
 * @returns {Answer} an error if it cannot be read
 */
export function unpack(data) {
  const text = typeof data === 'string';
  const start = text || data.byteLength < 4 ? Infinity : 4 + new DataView(data).getUint32(0);
  const whole = !text && start <= data.byteLength;
  const header = parseJson(text ? data : whole ? new TextDecoder().decode(new Uint8Array(data, 4, start - 4)) : '');
  if (header?.revision === undefined) {
    return {
      revision: null,
      error: { code: 'nonsense', message: t('The server sent an unreadable answer.') },
    };
  }
  return whole ? { ...header, picture: () => decode(header, new Uint8Array(data, start)) } : header;
}

/**
 * @param {{format: string, size: {width: number, height: number}}} header
 * @param {Uint8Array<ArrayBuffer>} payload
 * @returns {Promise<ImageData>}
 */
async function decode({ format, size }, payload) {
  if (format !== 'raw') return decodePicture(new Blob([payload]));
  const picture = new ImageData(size.width, size.height);
  if (payload.length !== 3 * size.width * size.height) throw new RangeError('This is not a picture of that size.');
  const pixels = new Uint32Array(picture.data.buffer);
  for (let i = 0, at = 0; i < pixels.length; i++, at += 3) {
    pixels[i] = payload[at] | (payload[at + 1] << 8) | (payload[at + 2] << 16) | (255 << 24);
  }
  return picture;
}
