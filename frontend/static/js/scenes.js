/**
 * Starter scenes, drawn by rule from class names; a model without a class gets
 * the nearest thing it has.
 */
/** @typedef {import('./types.js').Model} Model */
/** @typedef {(x: number) => number} Curve  height at x, both 0..1 of the picture, 0 on top */

/** What may stand in for a class, best first. @type {Record<string, string[]>} */
const INSTEAD = {
  cloud: ['sky'],
  snow: ['mountain', 'sky'],
  mountain: ['hill', 'rock', 'earth', 'tree', 'building'],
  tree: ['plant', 'grass', 'mountain'],
  plant: ['grass', 'tree', 'field'],
  grass: ['field', 'plant', 'earth', 'tree'],
  field: ['grass', 'earth', 'sand'],
  earth: ['sand', 'field', 'ground', 'road', 'mountain'],
  sand: ['earth', 'field', 'ground'],
  sea: ['water', 'river', 'lake', 'sky'],
  water: ['sea', 'river', 'lake', 'sky'],
  road: ['path', 'earth', 'sand', 'field'],
};

/** A label map in the making, painted from back to front. */
class Scene {
  /**
   * @param {number} width
   * @param {number} height
   * @param {Model} model
   */
  constructor(width, height, model) {
    this.width = width;
    this.height = height;
    this.model = model;
    this.labels = new Uint8Array(width * height);
  }

  /**
   * @param {string} name
   * @returns {number} the class of that name, or what may stand in for it
   */
  #class(name) {
    const { classes, ignore_id } = this.model;
    for (const wanted of [name, ...(INSTEAD[name] ?? [])]) {
      const found = classes.find((each) => each.name.toLowerCase().split(/[^a-z]+/).includes(wanted));
      if (found) return found.id;
    }
    return (classes.find(({ id }) => id !== ignore_id) ?? classes[0]).id;
  }

  /**
   * Paints every pixel whose centre `inside` holds.
   * @param {string} name
   * @param {(x: number, y: number) => boolean} inside  of 0..1, 0..1
   */
  where(name, inside) {
    const id = this.#class(name);
    for (let row = 0; row < this.height; row++) {
      const y = (row + 0.5) / this.height;
      for (let column = 0; column < this.width; column++) {
        if (inside((column + 0.5) / this.width, y)) this.labels[row * this.width + column] = id;
      }
    }
    return this;
  }

  /**
   * @param {string} name
   * @param {Curve} line  paints all below it
   */
  below(name, line) {
    return this.where(name, (x, y) => y > line(x));
  }

  /**
   * @param {string} name
   * @param {number} seed
   * @param {[x: number, y: number, rx: number, ry: number][]} ovals  with ragged edges
   */
  blobs(name, seed, ovals) {
    const ragged = ovals.map((_, i) => wave(seed + i, 5));
    return this.where(name, (x, y) =>
      ovals.some(([cx, cy, rx, ry], i) => {
        const [dx, dy] = [(x - cx) / rx, (y - cy) / ry];
        const turn = Math.atan2(dy, dx) / (2 * Math.PI) + 0.5;
        return Math.hypot(dx, dy) < 1 + 0.28 * ragged[i](turn);
      }),
    );
  }
}

/**
 * Smooth repeatable noise on 0..1, periodic, about -1..1.
 * @param {number} seed
 * @param {number} detail  octaves
 * @returns {Curve}
 */
function wave(seed, detail) {
  const terms = Array.from({ length: detail }, (_, octave) => {
    const phase = Math.abs(Math.sin(seed * 127.1 + octave * 311.7) * 43758.5453) % 1;
    return { rate: 2 * Math.PI * (2 ** octave + (seed % 3)), phase: 2 * Math.PI * phase, share: 0.62 ** octave };
  });
  return (x) => terms.reduce((sum, { rate, phase, share }) => sum + share * Math.sin(rate * x + phase), 0) * 0.6;
}

/**
 * @param {number} seed
 * @param {number} level
 * @param {number} swing
 * @param {number} [detail]
 * @returns {Curve}
 */
function ridge(seed, level, swing, detail = 6) {
  const line = wave(seed, detail);
  return (x) => level + swing * line(x);
}

/** @param {Scene} scene */
function mountainLake(scene) {
  const peaks = ridge(11, 0, 0.028, 7);
  /** @type {Curve} */
  const range = (x) =>
    0.5 - 0.3 * Math.max(0, 1 - Math.abs(x - 0.36) / 0.3) - 0.19 * Math.max(0, 1 - Math.abs(x - 0.8) / 0.26) + peaks(x);
  const snowline = ridge(23, 0.34, 0.035, 7);
  const firs = ridge(31, 0.575, 0.022, 8);
  const shore = ridge(7, 0, 0.012, 5);
  scene
    .where('sky', () => true)
    .blobs('cloud', 3, [[0.74, 0.14, 0.2, 0.055], [0.9, 0.2, 0.16, 0.04], [0.1, 0.2, 0.16, 0.04]])
    .below('mountain', range)
    .where('snow', (x, y) => y > range(x) && y < snowline(x))
    .below('tree', firs)
    // Photos labelled 'water' are mostly falls; a lake looks like the sea.
    .below('sea', ridge(5, 0.635, 0.006, 4))
    .below('grass', (x) => 0.99 - 0.2 * Math.max(0, 1 - x / 0.6) ** 0.8 + shore(x))
    .below('grass', (x) => 1.02 - 0.26 * Math.max(0, (x - 0.52) / 0.48) ** 1.4 + shore(x))
    .blobs('plant', 9, [[0.08, 0.92, 0.11, 0.06], [0.9, 0.94, 0.13, 0.055]])
    .where('tree', (x, y) => fir(x, y, 0.91, 0.46, 0.86, 0.075) || fir(x, y, 0.81, 0.6, 0.905, 0.05));
}

/** @param {Scene} scene */
function sandyCoast(scene) {
  const cliff = ridge(14, 0, 0.022, 6);
  /** @type {Curve} */
  const headland = (x) => 0.5 - 0.27 * Math.max(0, (x - 0.5) / 0.5) ** 0.6 + (x > 0.5 ? cliff(x) : 0.1);
  const surf = ridge(2, 0, 0.014, 5);
  scene
    .where('sky', () => true)
    .blobs('cloud', 41, [[0.24, 0.15, 0.22, 0.07], [0.52, 0.1, 0.15, 0.04], [0.36, 0.3, 0.2, 0.03]])
    .below('mountain', headland)
    .where('tree', (x, y) => y > headland(x) && y < headland(x) + 0.055 + cliff(1 - x))
    .below('sea', (x) => 0.48 + 0.13 * Math.max(0, (x - 0.6) / 0.4) ** 1.7 + 0.5 * (x > 0.6 ? surf(x) : 0))
    .below('sand', (x) => 0.9 - 0.3 * x ** 1.5 + surf(x))
    .blobs('earth', 6, [[0.62, 0.7, 0.05, 0.02], [0.71, 0.665, 0.045, 0.018]])
    .below('plant', (x) => 1.03 - 0.24 * Math.max(0, (x - 0.5) / 0.5) ** 1.6 + surf(1 - x));
}

/** @param {Scene} scene */
function countryRoad(scene) {
  const horizon = 0.52;
  /** Half the road's width and its middle, at y. @type {(y: number) => [number, number]} */
  const road = (y) => {
    const near = Math.max(0, (y - horizon) / (1 - horizon));
    return [0.008 + 0.17 * near ** 1.5, 0.56 + 0.1 * Math.sin(5.2 * (1 - near) ** 1.4) * (1 - near) - 0.06 * near];
  };
  /** @type {(verge: number) => (x: number, y: number) => boolean} */
  const along = (verge) => (x, y) => {
    const [half, middle] = road(y);
    return y > horizon + 0.015 && Math.abs(x - middle) < half * verge;
  };
  scene
    .where('sky', () => true)
    .blobs('cloud', 17, [[0.3, 0.16, 0.24, 0.075], [0.7, 0.25, 0.22, 0.05], [0.88, 0.1, 0.14, 0.04]])
    .below('mountain', ridge(8, 0.44, 0.045, 5))
    .below('tree', ridge(19, 0.5, 0.02, 7))
    .below('field', () => horizon)
    .below('grass', (x) => 0.7 + 0.24 * x + 0.01 * Math.sin(20 * x))
    .where('grass', along(1.35))
    .where('road', along(1))
    .blobs('tree', 27, [[0.13, 0.4, 0.13, 0.16], [0.23, 0.47, 0.08, 0.1], [0.9, 0.49, 0.07, 0.08]])
    .where('tree', (x, y) => Math.abs(x - 0.135) < 0.014 && y > 0.5 && y < 0.66);
}

/** @param {Scene} scene */
function desertRiver(scene) {
  const rim = ridge(21, 0, 0.012, 6);
  /** @type {Curve} */
  const mesas = (x) => 0.47 - 0.2 * step(x, 0.05, 0.34) - 0.12 * step(x, 0.56, 0.7) - 0.07 * step(x, 0.64, 0.95) + rim(x);
  scene
    .where('sky', () => true)
    .blobs('cloud', 29, [[0.62, 0.12, 0.24, 0.045], [0.32, 0.08, 0.16, 0.03]])
    .below('mountain', mesas)
    .below('earth', ridge(4, 0.5, 0.012, 5))
    .below('sand', (x) => 0.68 + 0.09 * Math.sin(3.4 * x + 0.6) + rim(x))
    .where('water', (x, y) => {
      const near = (y - 0.53) / 0.47;
      return near > 0 && Math.abs(x - 0.5 - 0.2 * Math.sin(7 * Math.sqrt(near)) * (1 - 0.3 * near)) < 0.012 + 0.13 * near ** 1.3;
    })
    .blobs('plant', 33, [[0.08, 0.82, 0.1, 0.05], [0.93, 0.74, 0.08, 0.035], [0.8, 0.95, 0.12, 0.05]])
    .blobs('tree', 37, [[0.13, 0.55, 0.07, 0.035], [0.86, 0.54, 0.09, 0.03]]);
}

/**
 * A pointed tree: `y` between tip and foot, narrower to the top, with ragged boughs.
 * @type {(x: number, y: number, middle: number, tip: number, foot: number, half: number) => boolean}
 */
const fir = (x, y, middle, tip, foot, half) => {
  const down = (y - tip) / (foot - tip);
  return down > 0 && down < 1 && Math.abs(x - middle) < half * (0.12 + down * 0.88) * (0.78 + 0.22 * ((down * 6) % 1));
};

/** 1 between `from` and `to` with steep flanks. @type {(x: number, from: number, to: number) => number} */
const step = (x, from, to) => Math.max(0, Math.min(1, (x - from) / 0.05, (to - x) / 0.05));

/** @type {{name: string, draw: (scene: Scene) => void}[]} */
export const SCENES = [
  { name: 'Mountain lake', draw: mountainLake },
  { name: 'Sandy coast', draw: sandyCoast },
  { name: 'Country road', draw: countryRoad },
  { name: 'Desert river', draw: desertRiver },
];

/**
 * @param {(scene: Scene) => void} draw
 * @param {Model} model
 * @returns {Uint8Array} a label map of the model's size
 */
export function drawScene(draw, model) {
  const [height, width] = model.native_size;
  const scene = new Scene(width, height, model);
  draw(scene);
  return scene.labels;
}
