/** Actions of the tools and their options. */
/** @typedef {import('../base/types.js').Action} Action */
/** @typedef {'square'|'mirrorX'|'mirrorY'|'pressure'|'fingerPans'} Switch */
import { SIZE_MAX } from '../base/limits.js';
import { hasModel } from '../editor/when.js';
import { TOOLS } from './tools.js';

/**
 * Makes the actions that choose a tool and set its options.
 * @param {{editor: import('../editor/editor.js').Editor}} studio
 * @returns {Action[]}
 */
export function toolActions({ editor }) {
  const { store } = editor;

  /** @type {(id: string, name: string, key: string, next: (size: number) => number) => Action} */
  const resize = (id, name, key, next) => ({
    id,
    name,
    group: 'Tools',
    key,
    perform: () => store.set({ tools: { size: Math.min(SIZE_MAX, Math.max(1, next(store.state.tools.size))) } }),
  });

  /** @type {(id: string, name: string, key: Switch, value: boolean) => Action} */
  const option = (id, name, key, value) => ({
    id,
    name,
    group: 'Tools',
    icon: id,
    pressed: (state) => state.tools[key] === value,
    perform: () => store.set({ tools: { [key]: value } }),
  });

  /** @type {(id: string, name: string, key: Switch) => Action} */
  const toggle = (id, name, key) => ({
    ...option(id, name, key, true),
    perform: () => store.set({ tools: { [key]: !store.state.tools[key] } }),
  });

  return [
    ...TOOLS.map(({ id, name, key }) => ({
      id,
      name,
      group: 'Tools',
      key,
      icon: id,
      enabled: hasModel,
      pressed: (/** @type {import('../base/types.js').State} */ state) => state.tools.tool === id,
      perform: () => store.set({ tools: { tool: id } }),
    })),
    resize('smaller-brush', 'Smaller brush', '[', (size) => Math.min(size - 1, Math.round(size / 1.2))),
    resize('larger-brush', 'Larger brush', ']', (size) => Math.max(size + 1, Math.round(size * 1.2))),
    option('round', 'Round brush', 'square', false),
    option('square', 'Square brush', 'square', true),
    toggle('mirror-x', 'Mirror left and right', 'mirrorX'),
    toggle('mirror-y', 'Mirror top and bottom', 'mirrorY'),
    toggle('pressure', 'Pen pressure sets the brush size', 'pressure'),
    toggle('finger-pans', 'One finger pans, the pen paints', 'fingerPans'),
  ];
}
