/** The tools in hand, and the size of what they paint. */
/** @typedef {import('../actions.js').Action} Action */
/** @typedef {import('../actions.js').Studio} Studio */
/** @typedef {import('../types.js').ToolId} ToolId */
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

  return [
    tool('brush', 'Brush', 'B'),
    tool('eraser', 'Eraser', 'E'),
    tool('fill', 'Fill', 'G'),
    tool('pick', 'Pick class', 'I'),
    tool('region', 'Noise-region brush', 'N'),
    tool('hand', 'Pan', 'H'),
    resize('Smaller brush', '[', (size) => Math.min(size - 1, Math.round(size / 1.2))),
    resize('Larger brush', ']', (size) => Math.max(size + 1, Math.round(size * 1.2))),
  ];
}
