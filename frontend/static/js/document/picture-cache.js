/** Some hundred of 256 x 256: what is undone beyond that is painted again. */
const BYTES_MAX = 24 * 2 ** 20;

/** The pictures painted last, by document version; the oldest used leave first. */
export class Pictures {
  /** @type {Map<number, ImageData>} */
  #kept = new Map();
  #bytes = 0;

  /** @param {number} version */
  get(version) {
    const picture = this.#kept.get(version);
    if (picture) this.put(version, picture);
    return picture;
  }

  /**
   * @param {number} version
   * @param {ImageData} picture
   */
  put(version, picture) {
    this.drop(version);
    this.#kept.set(version, picture);
    this.#bytes += picture.data.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= BYTES_MAX || oldest === version) break;
      this.drop(oldest);
    }
  }

  /** @param {number} version */
  drop(version) {
    this.#bytes -= this.#kept.get(version)?.data.length ?? 0;
    this.#kept.delete(version);
  }
}
