/** The tools in hand, and the size of what they paint. */
/** @typedef {import('../actions.js').Action} Action */
/** @typedef {import('../actions.js').Studio} Studio */
/** @typedef {import('../types.js').ToolId} ToolId */
/** @typedef {'square'|'mirrorX'|'mirrorY'|'pressure'|'fingerPans'} Switch */
import { SIZE_MAX } from '../editor.js';
import { hasModel } from './when.js';

/**
 * Choosing a tool, sizing the brush.
 * @param {Studio} studio
 * @returns {Action[]}
 */
export function toolActions({ editor }) {
  const { store } = editor;

  /** @type {(id: ToolId, name: string, key: string) => Action} */
  const tool = (id, name, key) => ({
    id,
    name,
    group: 'Tools',
    key,
    icon: id,
    enabled: hasModel,
    pressed: (state) => state.tool === id,
    perform: () => store.set({ tool: id }),
  });

  /** @type {(name: string, key: string, next: (size: number) => number) => Action} */
  const resize = (name, key, next) => ({
    id: name.toLowerCase().replaceAll(' ', '-'),
    name,
    group: 'Tools',
    key,
    perform: () => store.set({ size: Math.min(SIZE_MAX, Math.max(1, next(store.state.size))) }),
  });

  /** @type {(id: string, name: string, key: Switch, value: boolean) => Action} */
  const option = (id, name, key, value) => ({
    id,
    name,
    group: 'Tools',
    icon: id,
    pressed: (state) => state[key] === value,
    perform: () => store.set({ [key]: value }),
  });

  /** @type {(id: string, name: string, key: Switch) => Action} */
  const toggle = (id, name, key) => ({
    ...option(id, name, key, true),
    perform: () => store.set({ [key]: !store.state[key] }),
  });

  return [
    tool('brush', 'Brush', 'B'),
    tool('eraser', 'Eraser', 'E'),
    tool('fill', 'Fill', 'G'),
    tool('lasso', 'Lasso', 'L'),
    tool('polygon', 'Polygon', 'Y'),
    tool('rectangle', 'Rectangle', 'U'),
    tool('ellipse', 'Ellipse', 'Shift+U'),
    tool('pick', 'Pick class', 'I'),
    tool('select', 'Select and move', 'V'),
    tool('region', 'Noise-region brush', 'N'),
    tool('fix', 'Fix labels', 'F'),
    tool('hand', 'Pan', 'H'),
    resize('Smaller brush', '[', (size) => Math.min(size - 1, Math.round(size / 1.2))),
    resize('Larger brush', ']', (size) => Math.max(size + 1, Math.round(size * 1.2))),
    option('round', 'Round brush', 'square', false),
    option('square', 'Square brush', 'square', true),
    toggle('mirror-x', 'Mirror left and right', 'mirrorX'),
    toggle('mirror-y', 'Mirror above and below', 'mirrorY'),
    toggle('pressure', "Pen pressure sets the brush's size", 'pressure'),
    toggle('finger-pans', 'One finger pans, the pen paints', 'fingerPans'),
  ];
}
