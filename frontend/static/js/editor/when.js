/** When actions are enabled. */
/** @typedef {import('../base/types.js').State} State */

/** @param {State} state */
export const hasModel = ({ model }) => model !== null;

/** @param {State} state  with a model, and no stroke under way */
export const idle = ({ model, doc: { stroking } }) => model !== null && !stroking;
