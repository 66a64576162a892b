/** Work that can wait. */

/** Milliseconds that idle work waits at most. */
const IDLE_LATEST = 400;

/**
 * Defers work that is not urgent until the browser is idle.
 * @param {() => void} work
 * @returns {() => void} asks for it; asked for again before it was done, it is done once
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

/** Lets the browser do what else there is to do, within long work. */
export const nextTask = () => new Promise((resume) => setTimeout(resume));
