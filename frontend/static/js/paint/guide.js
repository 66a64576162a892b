/** What tools draw over the panes: rubber band, selection, axes of symmetry and the keyboard's cursor, as one path. */
/** @typedef {import('../editor.js').Editor} Editor */
import { MIRRORED } from './tools.js';

/** @param {Editor} editor */
export function attachGuide({ store }) {
  store.watch(['band', 'selection', 'caret', 'mirrorX', 'mirrorY', 'tool', 'width', 'height'], (state) => {
    const { band, selection, caret, mirrorX, mirrorY, tool, width, height } = state;
    const guide = new Path2D();
    const mirrors = MIRRORED.includes(tool);
    if (mirrors && mirrorX) line(guide, width / 2, 0, width / 2, height);
    if (mirrors && mirrorY) line(guide, 0, height / 2, width, height / 2);
    if (caret) {
      const [x, y] = [Math.floor(caret.x), Math.floor(caret.y)];
      const arm = Math.max(width, height) / 40;
      guide.rect(x, y, 1, 1);
      line(guide, x - arm, y + 0.5, x, y + 0.5);
      line(guide, x + 1, y + 0.5, x + 1 + arm, y + 0.5);
      line(guide, x + 0.5, y - arm, x + 0.5, y);
      line(guide, x + 0.5, y + 1, x + 0.5, y + 1 + arm);
    }
    for (const path of [selection?.path, band]) if (path) guide.addPath(path);
    const any = band || selection || caret || (mirrors && (mirrorX || mirrorY));
    store.set({ guide: any ? guide : null });
  });
}

/** @type {(path: Path2D, x0: number, y0: number, x1: number, y1: number) => void} */
function line(path, x0, y0, x1, y1) {
  path.moveTo(x0, y0);
  path.lineTo(x1, y1);
}
