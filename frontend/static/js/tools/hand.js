/** Pans the view. */

/** @type {import('./tool.js').Tool<'hand'>} */
export const hand = { id: 'hand', name: 'Pan', key: 'H', options: [], pans: true, begin: () => null };
