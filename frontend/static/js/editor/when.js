/** Conditions for enabling actions. */
/** @typedef {import('../base/types.js').State} State */

/** @param {State} state @returns {boolean} whether a model is loaded */
export const hasModel = ({ model }) => model !== null;

/** @param {State} state @returns {boolean} whether a model is loaded and no stroke is in progress */
export const idle = ({ model, doc: { stroking } }) => model !== null && !stroking;
