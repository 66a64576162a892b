/**
 * Zip files, packed and unpacked in memory. The browser deflates and inflates. Encryption, multi-part archives and
 * zip64 are not supported.
 */
import { concat, crc32, pump } from '../base/bytes.js';
import { UserError } from '../base/errors.js';
import { t } from '../base/i18n.js';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const LOCAL_LENGTH = 30;
const CENTRAL_LENGTH = 46;
const END_LENGTH = 22;
/** The longest comment at the end of a file, in bytes, and so the furthest the end record can be from the end. */
const COMMENT_MAX = 0xffff;
/** The most bytes all files together may unpack to. More is an attack or a mistake. */
const UNPACKED_MAX = 2 ** 30;
const DEFLATED = 8;
const NOT_A_ZIP = 'This is not a zip file, or it is damaged.';
/** File names are UTF-8. */
const FLAGS = 0x0800;
/** January 1, 1980, the earliest date, so that equal files make equal zips. */
const DAY_ONE = 0x21;

/**
 * Packs files, each deflated if that makes it smaller.
 * @param {{name: string, data: Uint8Array}[]} files
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
    const [packed, method] = deflated.length < data.length ? [deflated, DEFLATED] : [data, 0];
    const path = new TextEncoder().encode(name);
    // The part that both records share: version needed, flags, method, time, day, checksum, sizes, length of the name.
    const same = [
      u16(20, FLAGS, method, 0, DAY_ONE),
      u32(crc32(data), packed.length, data.length),
      u16(path.length, 0),
    ];
    const file = concat([u32(LOCAL), ...same, path, packed]);
    local.push(file);
    central.push(concat([u32(CENTRAL), u16(20), ...same, u16(0, 0, 0), u32(0, at), path]));
    at += file.length;
  }
  const directory = concat(central);
  const end = concat([u32(END), u16(0, 0, files.length, files.length), u32(directory.length, at), u16(0)]);
  return new Blob(
    [...local, directory, end].map((part) => /** @type {BlobPart} */ (part)),
    { type: 'application/zip' },
  );
}

/**
 * Unpacks a zip.
 * @param {Uint8Array} bytes
 * @returns {Promise<Map<string, Uint8Array>>} the files by name, without folders
 * @throws {UserError} with the name of a damaged file
 */
export async function unpackZip(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  /** @type {(at: number) => number} */
  const u16At = (at) => view.getUint16(at, true);
  /** @type {(at: number) => number} */
  const u32At = (at) => view.getUint32(at, true);
  /** @type {Map<string, Uint8Array>} */
  const files = new Map();
  let at = u32At(end + 16);
  let room = UNPACKED_MAX;
  for (let left = u16At(end + 10); left > 0; left--) {
    if (at + CENTRAL_LENGTH > end || u32At(at) !== CENTRAL) throw new UserError(NOT_A_ZIP);
    const [crc, packed, size, local] = [16, 20, 24, 42].map((offset) => u32At(at + offset));
    const [method, named, extra, comment] = [10, 28, 30, 32].map((offset) => u16At(at + offset));
    const name = new TextDecoder().decode(bytes.subarray(at + CENTRAL_LENGTH, at + CENTRAL_LENGTH + named));
    at += CENTRAL_LENGTH + named + extra + comment;
    if (name.endsWith('/')) continue;
    room -= size;
    if (room < 0) throw new UserError('This zip file unpacks to more than 1 GB and was not opened.');
    const here = local + LOCAL_LENGTH < end && u32At(local) === LOCAL;
    const start = here ? local + LOCAL_LENGTH + u16At(local + 26) + u16At(local + 28) : end;
    const body = bytes.subarray(start, start + packed);
    const data = method
      ? await pump(body, new DecompressionStream('deflate-raw'), size).catch(() => null)
      : body.slice();
    // Encrypted files and other compression methods end here, too.
    if (data?.length !== size || crc32(data) !== crc) {
      throw new UserError(t("This zip file is damaged: '{name}' cannot be unpacked.", { name }));
    }
    files.set(name, data);
  }
  return files;
}

/** @param {DataView} view */
function findEnd(view) {
  for (let at = view.byteLength - END_LENGTH; at >= 0 && at >= view.byteLength - END_LENGTH - COMMENT_MAX; at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  throw new UserError(NOT_A_ZIP);
}

/** @param {...number} values */
const u16 = (...values) => concat(values.map((value) => Uint8Array.of(value, value >> 8)));

/** @param {...number} values */
const u32 = (...values) => concat(values.map((value) => Uint8Array.of(value, value >> 8, value >> 16, value >> 24)));
