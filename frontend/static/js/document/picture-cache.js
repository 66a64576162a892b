/** A cache of painted pictures. */
/** About a hundred pictures of 256 x 256. Undoing further back paints again. */
const BYTES_MAX = 24 * 2 ** 20;

/** The pictures painted last, by document version; the least recently used are dropped. */
export class Pictures {
  /** @type {Map<number, ImageData>} */
  #cache = new Map();
  #bytes = 0;

  /** @param {number} version */
  get(version) {
    const picture = this.#cache.get(version);
    if (picture) this.put(version, picture);
    return picture;
  }

  /**
   * @param {number} version
   * @param {ImageData} picture
   */
  put(version, picture) {
    this.drop(version);
    this.#cache.set(version, picture);
    this.#bytes += picture.data.length;
    for (const oldest of this.#cache.keys()) {
      if (this.#bytes <= BYTES_MAX || oldest === version) break;
      this.drop(oldest);
    }
  }

  /** @param {number} version */
  drop(version) {
    this.#bytes -= this.#cache.get(version)?.data.length ?? 0;
    this.#cache.delete(version);
  }
}
