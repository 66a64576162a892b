/**
 * One observable state: groups of values, and single values.
 * @template {object} S
 * @typedef {{[K in keyof S]?: S[K] extends Group ? Partial<S[K]> : S[K]}} Patch  Groups merge; other values are replaced.
 */

/**
 * @template {object} S
 * @typedef {keyof S & string | {[K in keyof S & string]: S[K] extends Group ? `${K}.${keyof S[K] & string}` : never}[keyof S & string]} Key
 * 'view.zoom', or 'view' for any value of the group
 */

/** @typedef {{readonly [key: string]: unknown}} Group  A value that is an object in the initial state. */

/**
 * Holds the state. `set` merges a patch; listeners of the keys that changed run once, in the next microtask.
 * @template {object} S
 */
export class Store {
  /** @type {Set<{keys: Key<S>[], run: (state: S) => void}>} */
  #listeners = new Set();
  /** @type {Set<string>} */
  #changed = new Set();
  #groups;

  /** @param {S} state */
  constructor(state) {
    this.state = state;
    this.#groups = new Set(Object.entries(state).flatMap(([key, value]) => (isGroup(value) ? [key] : [])));
  }

  /** @param {Patch<S>} patch */
  set(patch) {
    const state = /** @type {Record<string, any>} */ ({ ...this.state });
    for (const [key, value] of Object.entries(patch)) {
      if (!this.#groups.has(key)) {
        if (!Object.is(state[key], value)) this.#change(key);
        state[key] = value;
        continue;
      }
      for (const [name, part] of Object.entries(/** @type {Group} */ (value))) {
        if (!Object.is(state[key][name], part)) this.#change(key, `${key}.${name}`);
      }
      state[key] = { ...state[key], .../** @type {Group} */ (value) };
    }
    this.state = /** @type {S} */ (state);
  }

  /** @param {string[]} keys */
  #change(...keys) {
    if (this.#changed.size === 0) queueMicrotask(() => this.#flush());
    for (const key of keys) this.#changed.add(key);
  }

  /**
   * Calls `run` now and after every change of one of `keys`.
   * @param {Key<S>[]} keys
   * @param {(state: S) => void} run
   * @returns {() => void} stops listening
   */
  watch(keys, run) {
    const listener = { keys, run };
    this.#listeners.add(listener);
    run(this.state);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Waits until `test` is true.
   * @param {Key<S>[]} keys
   * @param {(state: S) => boolean} test
   * @returns {Promise<S>}
   */
  until(keys, test) {
    return new Promise((resolve) => {
      if (test(this.state)) return resolve(this.state);
      const stop = this.watch(keys, (state) => {
        if (!test(state)) return;
        stop();
        resolve(state);
      });
    });
  }

  #flush() {
    const changed = this.#changed;
    this.#changed = new Set();
    for (const { keys, run } of [...this.#listeners]) {
      if (!keys.some((key) => changed.has(key))) continue;
      try {
        run(this.state);
      } catch (error) {
        reportError(error); // The other listeners still run.
      }
    }
  }
}

/** @param {unknown} value */
const isGroup = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
