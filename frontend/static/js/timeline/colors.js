/** A palette for many pictures, by median cut; colours are told apart by five bits a channel. */

/** How far a pattern pushes a colour before it is rounded to one of the palette: steps between them are hidden. */
const DITHER = 8;
/** Each threshold once in 4 x 4 pixels. */
const PATTERN = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5];

export class Colors {
  /** Mean red, green and blue of a bin's pixels, and how many they are. @type {Map<number, number[]>} */
  #bins = new Map();
  /** @type {number[][]} */
  palette = [];
  /** Index of the nearest colour by bin, found when first asked for. */
  #nearest = new Int16Array(32768).fill(-1);

  /** @param {ImageData} picture  one of those that the palette is for */
  count({ data }) {
    for (let i = 0; i < data.length; i += 4) {
      const key = bin(data[i], data[i + 1], data[i + 2]);
      let sums = this.#bins.get(key);
      if (!sums) this.#bins.set(key, (sums = [0, 0, 0, 0]));
      sums[3]++;
      for (let c = 0; c < 3; c++) sums[c] += (data[i + c] - sums[c]) / sums[3];
    }
  }

  /** @param {number} size  colours at most */
  choose(size) {
    const boxes = [boxed([...this.#bins.values()])];
    while (boxes.length < size && boxes[0].spread > 1e-3) {
      const { bins, mean, channel } = boxes[0];
      const [low, high] = [false, true].map((side) => bins.filter((one) => one[channel] > mean[channel] === side));
      boxes.splice(0, 1, boxed(low), boxed(high));
      boxes.sort((a, b) => b.spread - a.spread);
    }
    this.palette = boxes.map(({ mean }) => mean.map(Math.round));
  }

  /**
   * @param {ImageData} picture
   * @returns {Uint8Array} the palette's index of each pixel; the pattern keeps still from picture to picture
   */
  indices({ data, width }) {
    const out = new Uint8Array(data.length / 4);
    for (let i = 0; i < out.length; i++) {
      const push = DITHER * (PATTERN[(i % width & 3) + 4 * ((i / width) & 3)] / 15 - 0.5);
      const key = bin(clamp(data[4 * i] + push), clamp(data[4 * i + 1] + push), clamp(data[4 * i + 2] + push));
      if (this.#nearest[key] < 0) this.#nearest[key] = this.#find(key);
      out[i] = this.#nearest[key];
    }
    return out;
  }

  /** @param {number} key  of a bin: its middle stands for all of it */
  #find(key) {
    const middle = [10, 5, 0].map((shift) => 8 * ((key >> shift) & 31) + 4);
    const distances = this.palette.map((color) => color.reduce((sum, value, c) => sum + (value - middle[c]) ** 2, 0));
    return distances.indexOf(Math.min(...distances));
  }
}

/** @type {(red: number, green: number, blue: number) => number} */
const bin = (red, green, blue) => ((red & 248) << 7) | ((green & 248) << 2) | (blue >> 3);

/** @param {number} value */
const clamp = (value) => (value < 0 ? 0 : value > 255 ? 255 : value);

/** @param {number[][]} bins */
function boxed(bins) {
  /** @type {(value: (bin: number[]) => number) => number} */
  const sum = (value) => bins.reduce((all, one) => all + one[3] * value(one), 0);
  const mean = [0, 1, 2].map((c) => sum((one) => one[c]) / sum(() => 1));
  const spreads = mean.map((middle, c) => sum((one) => (one[c] - middle) ** 2));
  const spread = Math.max(...spreads);
  return { bins, mean, spread, channel: spreads.indexOf(spread) };
}
