/** The visible part of the map. */
/** @typedef {import('../base/types.js').Point} Point */

/** The margin around the fitted map: a share of the pane, and its maximum in CSS pixels. */
const MARGIN = 0.04;
const MARGIN_MAX = 20;
const ZOOM_MIN = 0.5;
const ZOOM_MAX = 40;

/**
 * The visible part of the map. All panes share one view and show the same part, whatever their size. At zoom 1 the
 * whole map fits into the pane.
 */
export class View {
  zoom = 1;
  /** The point in the center of the pane, as a share of the map. */
  #x = 0.5;
  #y = 0.5;
  /** @type {Set<() => void>} */
  #listeners = new Set();

  /** @param {() => void} run  called after every change */
  watch(run) {
    this.#listeners.add(run);
  }

  /**
   * Computes where the map is in a pane.
   * @param {Box} pane
   * @param {Box} map
   * @returns {{scale: number, left: number, top: number}} CSS pixels per pixel of the map; its corner in the pane
   */
  place(pane, map) {
    const margin = Math.min(MARGIN_MAX, MARGIN * Math.min(pane.width, pane.height));
    const fit = Math.min((pane.width - 2 * margin) / map.width, (pane.height - 2 * margin) / map.height);
    const scale = fit * this.zoom;
    return {
      scale,
      left: pane.width / 2 - this.#x * map.width * scale,
      top: pane.height / 2 - this.#y * map.height * scale,
    };
  }

  /**
   * Converts a point of a pane.
   * @param {Point} at  in the pane
   * @param {Box} pane
   * @param {Box} map
   * @returns {Point} in pixels of the map
   */
  toMap(at, pane, map) {
    const { scale, left, top } = this.place(pane, map);
    return { x: (at.x - left) / scale, y: (at.y - top) / scale };
  }

  /**
   * Zooms around a point.
   * @param {number} factor
   * @param {Point} at  in the pane
   * @param {Box} pane
   * @param {Box} map
   */
  zoomAt(factor, at, pane, map) {
    const still = this.toMap(at, pane, map);
    this.zoom = Math.min(ZOOM_MAX, Math.max(ZOOM_MIN, this.zoom * factor));
    const { scale } = this.place(pane, map);
    this.#center(
      (still.x - (at.x - pane.width / 2) / scale) / map.width,
      (still.y - (at.y - pane.height / 2) / scale) / map.height,
    );
  }

  /**
   * Moves the map.
   * @param {number} dx  in CSS pixels
   * @param {number} dy
   * @param {Box} pane
   * @param {Box} map
   */
  pan(dx, dy, pane, map) {
    const { scale } = this.place(pane, map);
    this.#center(this.#x - dx / (map.width * scale), this.#y - dy / (map.height * scale));
  }

  /** Shows the whole map. */
  fit() {
    this.zoom = 1;
    this.#center(0.5, 0.5);
  }

  /**
   * Centers the pane on a point, limited to the map.
   * @param {number} x
   * @param {number} y
   */
  #center(x, y) {
    this.#x = Math.min(1, Math.max(0, x));
    this.#y = Math.min(1, Math.max(0, y));
    for (const run of this.#listeners) run();
  }
}

/** @typedef {{width: number, height: number}} Box */
