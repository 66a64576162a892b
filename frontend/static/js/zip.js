/**
 * Zip files: packed and unpacked whole, in memory. Deflating and inflating: the browser. No encryption, no parts, and
 * nothing above 4 GB: what only the 64-bit extension could hold is refused.
 */
import { concat, crc32, pump } from './bytes.js';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const LOCAL_LENGTH = 30;
const CENTRAL_LENGTH = 46;
const END_LENGTH = 22;
/** Bytes the comment at the end may have: so far before the end its record may begin. */
const COMMENT_MAX = 0xffff;
/** What all files together may unpack to; more is an attack or a mistake. */
const UNPACKED_MAX = 2 ** 30;
const DEFLATED = 8;
/** Names are UTF-8. */
const FLAGS = 0x0800;
/** 1 January 1980, the first day there is: the same files make the same zip. */
const DAY_ONE = 0x21;

/**
 * @param {{name: string, data: Uint8Array}[]} files  each deflated if that makes it smaller
 * @returns {Promise<Blob>}
 */
export async function packZip(files) {
  /** @type {Uint8Array[]} */
  const local = [];
  /** @type {Uint8Array[]} */
  const central = [];
  let at = 0;
  for (const { name, data } of files) {
    const deflated = await pump(data, new CompressionStream('deflate-raw'));
    const packed = deflated.length < data.length ? deflated : data;
    const method = packed === data ? 0 : DEFLATED;
    const path = new TextEncoder().encode(name);
    // Both records have this part: version needed, flags, method, time, day, checksum, sizes, length of the name.
    const same = [u16(20, FLAGS, method, 0, DAY_ONE), u32(crc32(data), packed.length, data.length), u16(path.length, 0)];
    const file = concat([u32(LOCAL), ...same, path, packed]);
    local.push(file);
    central.push(concat([u32(CENTRAL), u16(20), ...same, u16(0, 0, 0), u32(0, at), path]));
    at += file.length;
  }
  const directory = concat(central);
  const end = concat([u32(END), u16(0, 0, files.length, files.length), u32(directory.length, at), u16(0)]);
  return new Blob([...local, directory, end].map((part) => /** @type {BlobPart} */ (part)), { type: 'application/zip' });
}

/**
 * @param {Uint8Array} bytes
 * @returns {Promise<Map<string, Uint8Array>>} the files by name, folders left out
 * @throws {Error} fit for people; names the file that is damaged
 */
export async function unpackZip(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  /** @type {Map<string, Uint8Array>} */
  const files = new Map();
  let at = view.getUint32(end + 16, true);
  let room = UNPACKED_MAX;
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    if (at + CENTRAL_LENGTH > end || view.getUint32(at, true) !== CENTRAL) {
      throw new Error('This zip file is damaged: its list of files is broken.');
    }
    const [crc, packed, size] = [16, 20, 24].map((offset) => view.getUint32(at + offset, true));
    const [method, named, extra, comment] = [10, 28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const name = new TextDecoder().decode(bytes.subarray(at + CENTRAL_LENGTH, at + CENTRAL_LENGTH + named));
    const local = view.getUint32(at + 42, true);
    at += CENTRAL_LENGTH + named + extra + comment;
    if (name.endsWith('/')) continue;
    room -= size;
    if (room < 0) throw new Error('This zip file unpacks to more than 1 GB; that is not opened.');
    files.set(name, await unpackFile(bytes, { name, local, packed, size, method, crc }));
  }
  return files;
}

/**
 * @param {Uint8Array} bytes
 * @param {{name: string, local: number, packed: number, size: number, method: number, crc: number}} entry
 */
async function unpackFile(bytes, { name, local, packed, size, method, crc }) {
  const damaged = new Error(`This zip file is damaged: '${name}' cannot be unpacked.`);
  if (local + LOCAL_LENGTH > bytes.length) throw damaged;
  const header = new DataView(bytes.buffer, bytes.byteOffset + local, LOCAL_LENGTH);
  if (header.getUint32(0, true) !== LOCAL) throw damaged;
  if (header.getUint16(6, true) & 1) throw new Error(`'${name}' in this zip file is encrypted; that is not opened.`);
  if (method !== 0 && method !== DEFLATED) throw new Error(`'${name}' in this zip file is packed in an unknown way.`);
  const start = local + LOCAL_LENGTH + header.getUint16(26, true) + header.getUint16(28, true);
  const body = bytes.subarray(start, start + packed);
  const inflated = () => pump(body, new DecompressionStream('deflate-raw'), size).catch(() => null);
  const data = method === 0 ? body.slice() : await inflated();
  if (data?.length !== size || crc32(data) !== crc) throw damaged;
  return data;
}

/** @param {DataView} view */
function findEnd(view) {
  for (let at = view.byteLength - END_LENGTH; at >= 0 && at >= view.byteLength - END_LENGTH - COMMENT_MAX; at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  throw new Error('This is no zip file, or it is cut off.');
}

/** @param {...number} values */
const u16 = (...values) => concat(values.map((value) => Uint8Array.of(value, value >> 8)));

/** @param {...number} values */
const u32 = (...values) => concat(values.map((value) => Uint8Array.of(value, value >> 8, value >> 16, value >> 24)));
