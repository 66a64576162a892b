/** The tools, in the order of the toolbar. A new tool needs its own file and an entry here. */
/** @typedef {import('../base/types.js').State} State */
/** @typedef {(typeof TOOLS)[number]['id']} ToolId */
import { brush } from './brush.js';
import { ellipse } from './ellipse.js';
import { eraser } from './eraser.js';
import { fill } from './fill.js';
import { fix } from './fix.js';
import { hand } from './hand.js';
import { lasso } from './lasso.js';
import { pick } from './pick.js';
import { polygon } from './polygon.js';
import { rectangle } from './rectangle.js';
import { region } from './region.js';
import { select } from './select.js';

export const TOOLS = [brush, eraser, fill, lasso, polygon, rectangle, ellipse, pick, select, region, fix, hand];

/** @type {Map<ToolId, import('./tool.js').Tool>} */
const byId = new Map(TOOLS.map((tool) => [tool.id, tool]));

/** @param {ToolId} id @returns {import('./tool.js').Tool} */
export const toolOf = (id) => /** @type {import('./tool.js').Tool} */ (byId.get(id));

/**
 * Chooses a class. A tool that does not use classes is replaced by the brush.
 * @param {import('../base/store.js').Store<State>} store
 * @param {number} classId
 */
export function chooseClass(store, classId) {
  const { tool } = store.state.tools;
  store.set({ classes: { classId }, tools: { tool: toolOf(tool).usesClass ? tool : 'brush' } });
}
