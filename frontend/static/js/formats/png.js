/**
 * Reads and writes PNG samples. A canvas applies color management and would change class ids, so label maps do not go
 * through one. The browser inflates and deflates.
 */
/** @typedef {import('../base/types.js').Labels} Labels */
import { concat, crc32, pump } from '../base/bytes.js';
import { hexToRgb } from '../base/color.js';
import { UserError } from '../base/errors.js';
import { t } from '../base/i18n.js';

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const GRAY = 0;
const RGB = 2;
const PALETTE = 3;
const GRAY_ALPHA = 4;
/** Samples per pixel, by color type. @type {Record<number, number>} */
const CHANNELS = { [GRAY]: 1, [RGB]: 3, [PALETTE]: 1, [GRAY_ALPHA]: 2, 6: 4 };
/** The passes of interlacing: the first pixel of each, and the distance to the next, across and down. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];
const ALL_AT_ONCE = [[0, 0, 1, 1]];

/**
 * @typedef {object} Raster  A decoded PNG.
 * @property {number} width
 * @property {number} height
 * @property {Labels|null} ids  one per pixel of a PNG of one channel besides alpha, of 16 bits if its samples have 16
 * @property {Uint8Array|null} rgb  three bytes per pixel of a color PNG
 * @property {Uint8Array|null} palette  three bytes per index of a palette PNG
 */

/**
 * Encodes a map.
 * @param {Labels} ids
 * @param {number} width
 * @param {readonly string[]} [colors]  '#rrggbb' by id, for a palette; ignored for ids of 16 bits
 * @returns {Promise<Uint8Array>} a gray or palette PNG, with as many bits per sample as the ids have
 */
export async function encodePng(ids, width, colors) {
  const height = ids.length / width;
  const wide = ids instanceof Uint16Array;
  const samples = wide ? bigEndian(ids) : ids;
  const stride = samples.length / height;
  const rows = new Uint8Array((stride + 1) * height);
  for (let y = 0; y < height; y++) rows.set(samples.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);

  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  const palette = colors && !wide ? new Uint8Array(768) : null;
  colors?.slice(0, 256).forEach((color, id) => palette?.set(hexToRgb(color), 3 * id));
  header[8] = wide ? 16 : 8;
  header[9] = palette ? PALETTE : GRAY;

  return concat([
    Uint8Array.from(SIGNATURE),
    chunk('IHDR', header),
    ...(palette ? [chunk('PLTE', palette)] : []),
    chunk('IDAT', await pump(rows, new CompressionStream('deflate'))),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

/**
 * Decodes a PNG. An alpha channel must be opaque.
 * @param {Uint8Array} file
 * @returns {Promise<Raster>}
 * @throws {UserError} if it is damaged, transparent, larger than 4096 pixels per side, or has 16 bits per sample in color
 */
export async function decodePng(file) {
  if (SIGNATURE.some((byte, i) => file[i] !== byte)) throw new UserError('A label map must be a PNG file.');
  /** @type {Uint8Array|null} */
  let header = null;
  /** @type {Uint8Array|null} */
  let colors = null;
  /** @type {Uint8Array[]} */
  const data = [];
  for (const { type, body } of chunks(file)) {
    if (type === 'IHDR') header = body;
    if (type === 'PLTE') colors = body;
    if (type === 'IDAT') data.push(body);
  }
  if (!header || header.length !== 13) throw new UserError('This PNG is damaged: it has no header.');

  const view = new DataView(header.buffer, header.byteOffset);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, type, , , interlaced] = header.subarray(8);
  const channels = CHANNELS[type];
  if (!channels || width * height === 0) throw new UserError('This PNG is damaged: its header is invalid.');
  if (width > 4096 || height > 4096)
    throw new UserError(t('This PNG is {width} × {height} pixels; the limit is 4096 per side.', { width, height }));
  if (depth === 16 && type !== GRAY)
    throw new UserError('This PNG has 16 bits per sample in color. Save it as grayscale or with 8 bits.');
  if (depth !== 8 && (channels > 1 || ![1, 2, 4, 16].includes(depth)))
    throw new UserError('This PNG is damaged: its bit depth is invalid.');

  const samples = await readSamples(concat(data), { width, height, depth, channels, interlaced: Boolean(interlaced) });
  if (channels === 1) return { width, height, ids: samples, rgb: null, palette: type === PALETTE ? colors : null };
  const colored = type === GRAY_ALPHA ? 1 : 3;
  const kept = new Uint8Array(colored * width * height);
  for (let i = 0; i < width * height; i++) {
    if (channels > colored && samples[channels * i + colored] < 255)
      throw new UserError('This label map has transparent pixels, which belong to no class. Save it without them.');
    for (let c = 0; c < colored; c++) kept[colored * i + c] = samples[channels * i + c];
  }
  return { width, height, ids: colored === 1 ? kept : null, rgb: colored === 1 ? null : kept, palette: null };
}

/**
 * Decompresses the samples of all pixels, pass by pass if they are interlaced.
 * @param {Uint8Array} data  compressed
 * @param {{width: number, height: number, depth: number, channels: number, interlaced: boolean}} header
 * @returns {Promise<Labels>} `channels` per pixel, of 16 bits if `depth` is 16
 */
async function readSamples(data, { width, height, depth, channels, interlaced }) {
  const passes = (interlaced ? PASSES : ALL_AT_ONCE)
    .map(([left, top, across, down]) => {
      const [columns, rows] = [Math.ceil((width - left) / across), Math.ceil((height - top) / down)];
      return { left, top, across, down, columns, rows, stride: Math.ceil((columns * channels * depth) / 8) };
    })
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
  const length = passes.reduce((sum, { rows, stride }) => sum + rows * (stride + 1), 0);
  const filtered = await inflate(data, length);
  if (filtered.length !== length) throw new UserError('This PNG is damaged: it has the wrong number of pixels.');
  const samples = new (depth === 16 ? Uint16Array : Uint8Array)(width * height * channels);
  let at = 0;
  for (const { left, top, across, down, columns, rows, stride } of passes) {
    const end = at + rows * (stride + 1);
    const packed = unfilter(filtered.subarray(at, end), rows, stride, Math.max(1, (channels * depth) / 8));
    const found = depth === 16 ? nativeEndian(packed) : unpack(packed, columns * channels, rows, depth, stride);
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        const to = channels * ((top + y * down) * width + left + x * across);
        for (let c = 0; c < channels; c++) samples[to + c] = found[channels * (y * columns + x) + c];
      }
    }
    at = end;
  }
  return samples;
}

/**
 * @param {Uint16Array} values
 * @returns {Uint8Array} two bytes per value, the high one first
 */
const bigEndian = (values) =>
  Uint8Array.from({ length: 2 * values.length }, (_, i) => values[i >> 1] >> (i & 1 ? 0 : 8));

/**
 * @param {Uint8Array} bytes  two per value, the high one first
 * @returns {Uint16Array}
 */
const nativeEndian = (bytes) =>
  Uint16Array.from({ length: bytes.length / 2 }, (_, i) => (bytes[2 * i] << 8) | bytes[2 * i + 1]);

/**
 * @param {Uint8Array} file
 * @returns {Generator<{type: string, body: Uint8Array}>}
 */
function* chunks(file) {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = SIGNATURE.length; at + 12 <= file.length;) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > file.length) break;
    const named = file.subarray(at + 4, end);
    if (crc32(named) !== view.getUint32(end)) throw new UserError('This PNG is damaged: a checksum does not match.');
    const type = String.fromCharCode(...named.subarray(0, 4));
    if (type === 'IEND') return;
    yield { type, body: named.subarray(4) };
    at = end + 4;
  }
  throw new UserError('This PNG is truncated.');
}

/**
 * Builds a PNG chunk.
 * @param {string} type  four letters
 * @param {Uint8Array} body
 * @returns {Uint8Array} length, type, body, checksum
 */
export function chunk(type, body) {
  const out = new Uint8Array(body.length + 12);
  const view = new DataView(out.buffer);
  view.setUint32(0, body.length);
  out.set(
    [...type].map((letter) => letter.charCodeAt(0)),
    4,
  );
  out.set(body, 8);
  view.setUint32(body.length + 8, crc32(out.subarray(4, body.length + 8)));
  return out;
}

/**
 * Undoes the row filters of the PNG specification.
 * @param {Uint8Array} data  rows, each after its filter byte
 * @param {number} height
 * @param {number} stride  bytes per row
 * @param {number} step  bytes per pixel, at least 1
 */
function unfilter(data, height, stride, step) {
  const out = new Uint8Array(height * stride);
  for (let y = 0; y < height; y++) {
    const filter = data[y * (stride + 1)];
    for (let x = 0; x < stride; x++) {
      const i = y * stride + x;
      const left = x < step ? 0 : out[i - step];
      const up = y === 0 ? 0 : out[i - stride];
      const corner = x < step || y === 0 ? 0 : out[i - stride - step];
      out[i] = data[i + y + 1] + predict(filter, left, up, corner);
    }
  }
  return out;
}

/**
 * @param {number} filter
 * @param {number} left
 * @param {number} up
 * @param {number} corner
 */
function predict(filter, left, up, corner) {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4: {
      const guess = left + up - corner;
      const [toLeft, toUp, toCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
      if (toLeft <= toUp && toLeft <= toCorner) return left;
      return toUp <= toCorner ? up : corner;
    }
    default:
      throw new UserError('This PNG is damaged: its row filter is unknown.');
  }
}

/**
 * @param {Uint8Array} packed  samples of `depth` bits, the first in the high bits
 * @param {number} width
 * @param {number} height
 * @param {number} depth  1, 2, 4 or 8
 * @param {number} stride
 */
function unpack(packed, width, height, depth, stride) {
  if (depth === 8) return packed;
  const out = new Uint8Array(width * height);
  const perByte = 8 / depth;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const byte = packed[y * stride + Math.floor(x / perByte)];
      out[y * width + x] = (byte >> (8 - depth * ((x % perByte) + 1))) & ((1 << depth) - 1);
    }
  }
  return out;
}

/**
 * @param {Uint8Array} data
 * @param {number} most  the most bytes it may produce
 */
async function inflate(data, most) {
  try {
    return await pump(data, new DecompressionStream('deflate'), most);
  } catch {
    throw new UserError('This PNG is damaged: its pixels cannot be decompressed.');
  }
}
