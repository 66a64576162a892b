/** A palette for many pictures by median cut, at five bits per channel. */

/** The amplitude of ordered dithering, which hides the steps between colors of the palette. */
const DITHER = 8;
const PATTERN = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5].map((level) => DITHER * (level / 15 - 0.5));

/** @typedef {number[]} Bin  The mean red, green and blue of pixels, and their count. */

/** Collects colors, chooses a palette, and maps pictures to it. */
export class Colors {
  /** @type {Map<number, Bin>} */
  #bins = new Map();
  /** @type {number[][]} */
  palette = [];
  /** Palette index by bin; -1: not computed yet. */
  #nearest = new Int16Array(32768).fill(-1);

  /** @param {ImageData} picture  whose colors the palette is to cover */
  count({ data }) {
    for (let i = 0; i < data.length; i += 4) {
      const key = keyOf(data[i], data[i + 1], data[i + 2]);
      const bin = this.#bins.get(key) ?? [0, 0, 0, 0];
      if (!bin[3]++) this.#bins.set(key, bin);
      for (let c = 0; c < 3; c++) bin[c] += (data[i + c] - bin[c]) / bin[3];
    }
  }

  /** @param {number} size  the most colors of the palette */
  choose(size) {
    const boxes = [boxed([...this.#bins.values()])];
    while (boxes.length < size && boxes[0].spread > 1e-3) {
      const [{ bins, mean, channel }] = boxes.splice(0, 1);
      for (const side of [false, true]) boxes.push(boxed(bins.filter((bin) => bin[channel] > mean[channel] === side)));
      boxes.sort((a, b) => b.spread - a.spread);
    }
    this.palette = boxes.map(({ mean }) => mean.map(Math.round));
  }

  /**
   * @param {ImageData} picture
   * @returns {Uint8Array} palette index per pixel
   */
  indices({ data, width }) {
    const out = new Uint8Array(data.length / 4);
    for (let i = 0; i < out.length; i++) {
      const push = PATTERN[((i % width) & 3) + 4 * ((i / width) & 3)];
      const [red, green, blue] = [
        clamp(data[4 * i] + push),
        clamp(data[4 * i + 1] + push),
        clamp(data[4 * i + 2] + push),
      ];
      const key = keyOf(red, green, blue);
      if (this.#nearest[key] < 0) this.#nearest[key] = this.#find([red, green, blue]);
      out[i] = this.#nearest[key];
    }
    return out;
  }

  /** @param {number[]} wanted */
  #find(wanted) {
    const far = this.palette.map((color) => color.reduce((sum, value, c) => sum + (value - wanted[c]) ** 2, 0));
    return far.indexOf(Math.min(...far));
  }
}

/** @type {(red: number, green: number, blue: number) => number} */
const keyOf = (red, green, blue) => ((red & 248) << 7) | ((green & 248) << 2) | (blue >> 3);

/** @param {number} value */
const clamp = (value) => Math.min(255, Math.max(0, value));

/** @param {Bin[]} bins */
function boxed(bins) {
  /** @param {(bin: Bin) => number} value */
  const sum = (value) => bins.reduce((all, bin) => all + bin[3] * value(bin), 0);
  const count = sum(() => 1);
  const mean = [0, 1, 2].map((c) => sum((bin) => bin[c]) / count);
  const spreads = mean.map((middle, c) => sum((bin) => (bin[c] - middle) ** 2));
  const spread = Math.max(...spreads);
  return { bins, mean, spread, channel: spreads.indexOf(spread) };
}
