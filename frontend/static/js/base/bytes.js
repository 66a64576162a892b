/** Byte arrays: joining, checksums, and compression streams. */
/**
 * Joins byte arrays.
 * @param {Uint8Array[]} parts
 * @returns {Uint8Array<ArrayBuffer>} their bytes, in order
 */
export function concat(parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/**
 * Views an array as bytes.
 * @param {Uint8Array|Uint16Array|Uint32Array} values
 * @returns {Uint8Array} a view of the same memory, little-endian as on every machine that runs browsers
 */
export const bytesOf = (values) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

/**
 * Computes the checksum that PNG and zip use.
 * @param {Uint8Array} data
 * @returns {number} CRC-32, 0..2^32-1
 */
export function crc32(data) {
  let crc = ~0;
  for (const byte of data) crc = CRC_TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}

/**
 * Runs data through a compression or decompression stream.
 * @param {Uint8Array} data
 * @param {CompressionStream|DecompressionStream} through
 * @param {number} [most]  the most bytes the stream may produce
 * @returns {Promise<Uint8Array<ArrayBuffer>>} its output
 * @throws {Error} if the data is damaged or the output exceeds `most`
 */
export async function pump(data, through, most = Infinity) {
  const reader = new Blob([/** @type {BlobPart} */ (data)]).stream().pipeThrough(through).getReader();
  /** @type {Uint8Array[]} */
  const parts = [];
  for (let left = most; ;) {
    const { value } = await reader.read();
    if (!value) return concat(parts);
    left -= value.length;
    if (left < 0) {
      reader.cancel().catch(() => {});
      throw new RangeError('It unpacks to more than it says.');
    }
    parts.push(value);
  }
}
