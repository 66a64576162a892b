/**
 * One observable state. `set` merges a patch; listeners of the keys that really
 * changed run once, together, in the next microtask.
 * @template {object} S
 */
export class Store {
  /** @type {Set<{keys: (keyof S)[], run: (state: S) => void}>} */
  #listeners = new Set();
  /** @type {Set<keyof S>} */
  #changed = new Set();

  /** @param {S} state */
  constructor(state) {
    this.state = state;
  }

  /** @param {Partial<S>} patch */
  set(patch) {
    for (const key of /** @type {(keyof S)[]} */ (Object.keys(patch))) {
      if (Object.is(this.state[key], patch[key])) continue;
      if (this.#changed.size === 0) queueMicrotask(() => this.#flush());
      this.#changed.add(key);
    }
    this.state = { ...this.state, ...patch };
  }

  /**
   * Runs `run` now and after every change of one of `keys`.
   * @param {(keyof S)[]} keys
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
   * Resolves once `test` holds.
   * @param {(keyof S)[]} keys
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
        reportError(error); // The others run all the same.
      }
    }
  }
}
