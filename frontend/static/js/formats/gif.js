/** Animated GIF: one palette for all frames; pixels that do not change between frames are transparent. */

/** The transparent index: the previous frame shows through. */
export const CLEAR = 255;

/** Writes a GIF frame by frame. */
export class Gif {
  /** @type {BlobPart[]} */
  #parts = [];
  /** @type {Uint8Array|null} */
  #before = null;

  /**
   * @param {number} width
   * @param {number} height
   * @param {number[][]} palette  at most 255 colors
   * @param {boolean} loop
   */
  constructor(width, height, palette, loop) {
    this.size = [...word(width), ...word(height)];
    const colors = new Uint8Array(768);
    colors.set(palette.flat());
    this.#parts.push('GIF89a', Uint8Array.of(...this.size, 0xf7, 0, 0), colors);
    if (loop) this.#parts.push(Uint8Array.of(0x21, 0xff, 11), 'NETSCAPE2.0', Uint8Array.of(3, 1, 0, 0, 0));
  }

  /**
   * Adds a frame.
   * @param {Uint8Array} indices  into the palette, one per pixel
   * @param {number} delay  in hundredths of a second
   */
  add(indices, delay) {
    const before = this.#before;
    this.#before = indices;
    const data = compress(indices.map((index, i) => (index === before?.[i] ? CLEAR : index)));
    // 5: keep the frame under the next one; one index is transparent.
    this.#parts.push(Uint8Array.of(0x21, 0xf9, 4, 5, ...word(delay), CLEAR, 0, 0x2c, 0, 0, 0, 0, ...this.size, 0, 8));
    for (let at = 0; at < data.length; at += 255) {
      const block = data.slice(at, at + 255);
      this.#parts.push(Uint8Array.of(block.length), block);
    }
    this.#parts.push(Uint8Array.of(0));
  }

  /** @returns {Blob} the file */
  end() {
    return new Blob([...this.#parts, ';'], { type: 'image/gif' });
  }
}

/** @param {number} value */
const word = (value) => [value & 255, value >> 8];

/** @param {Uint8Array} indices @returns {Uint8Array} LZW codes of 9 to 12 bits */
function compress(indices) {
  const [clear, end, most] = [256, 257, 4096];
  const out = new Uint8Array(2 * indices.length + 16);
  /** The code of a code followed by a byte; 0: none yet. */
  const codes = new Uint16Array(most << 8);
  let [next, bits, bitBuffer, bitCount, at] = [end + 1, 9, 0, 0, 0];
  /** @param {number} code */
  const put = (code) => {
    bitBuffer |= code << bitCount;
    for (bitCount += bits; bitCount >= 8; bitCount -= 8, bitBuffer >>>= 8) out[at++] = bitBuffer;
    // The decoder learns each code one step later.
    if (next >= 1 << bits && bits < 12) bits++;
  };
  put(clear);
  let code = indices[0];
  for (const index of indices.subarray(1)) {
    const key = (code << 8) | index;
    if (codes[key]) {
      code = codes[key];
      continue;
    }
    put(code);
    code = index;
    if (next < most) {
      codes[key] = next++;
      continue;
    }
    put(clear);
    codes.fill(0);
    [next, bits] = [end + 1, 9];
  }
  put(code);
  put(end);
  out[at++] = bitBuffer;
  return out.subarray(0, at);
}
