import { difference } from './labelmap.js';

/**
 * Traces the outline of every region along pixel edges.
 * @param {Uint8Array} regions
 * @param {number} width
 * @returns {Map<number, number[]>} by region id: four numbers per segment, x and y of its start and of its end
 */
export function outlines(regions, width) {
  /** @type {Map<number, number[]>} */
  const found = new Map();
  const box = difference(new Uint8Array(regions.length), regions, width);
  if (!box) return found;
  const { left, top, width: across, height: down } = box;

  /**
   * Traces the edges between the rows, or between the columns, of the box.
   * @param {number} lines
   * @param {number} length  of a line
   * @param {number} stride  index offset from one line to the next
   * @param {number} step  index offset along a line
   */
  const trace = (lines, length, stride, step) => {
    /** @type {(line: number, along: number) => [number, number]} */
    const corner = (line, along) => (step === 1 ? [left + along, top + line] : [left + line, top + along]);
    for (let line = 0; line <= lines; line++) {
      const first = top * width + left + line * stride;
      for (let i = 0; i < length;) {
        const start = i;
        const before = line > 0 ? regions[first + i * step - stride] : 0;
        const after = line < lines ? regions[first + i * step] : 0;
        for (i++; i < length; i++) {
          const at = first + i * step;
          if ((line > 0 && regions[at - stride] !== before) || (line < lines && regions[at] !== after)) break;
        }
        if (before === after) continue;
        for (const id of [before, after]) {
          if (id === 0) continue;
          const segments = found.get(id) ?? [];
          segments.push(...corner(line, start), ...corner(line, i));
          found.set(id, segments);
        }
      }
    }
  };
  trace(down, across, width, 1);
  trace(across, down, 1, width);
  return found;
}
