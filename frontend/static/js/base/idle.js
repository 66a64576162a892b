/** Scheduling work that is not urgent. */

/** The longest that deferred work waits, in milliseconds. */
const IDLE_LATEST = 400;

/**
 * Defers work that is not urgent until the browser is idle.
 * @param {() => void} work
 * @returns {() => void} schedules the work; calls before it has run are merged into one
 */
export function whenIdle(work) {
  let scheduled = false;
  const run = () => {
    scheduled = false;
    work();
  };
  return () => {
    if (scheduled) return;
    scheduled = true;
    // Safari has no idle callbacks.
    if ('requestIdleCallback' in window) requestIdleCallback(run, { timeout: IDLE_LATEST });
    else setTimeout(run, IDLE_LATEST / 4);
  };
}

/** Yields to the browser during long work. @returns {Promise<unknown>} */
export const nextTask = () => new Promise((resume) => setTimeout(resume));
