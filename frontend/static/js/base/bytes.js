/**
 * @param {Uint8Array[]} parts
 * @returns {Uint8Array<ArrayBuffer>} one after the other
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
 * @param {Uint8Array|Uint16Array|Uint32Array} values
 * @returns {Uint8Array} the bytes that they lie in, little-endian as on every machine that runs browsers
 */
export const bytesOf = (values) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

/**
 * @param {Uint8Array} data
 * @returns {number} the checksum of PNG and zip
 */
export function crc32(data) {
  let crc = ~0;
  for (const byte of data) crc = CRC_TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}

/**
 * @param {Uint8Array} data
 * @param {CompressionStream|DecompressionStream} through
 * @param {number} [most]  bytes that may come out
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {Error} when it cannot be unpacked, or is more than `most`
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
