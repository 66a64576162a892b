/** The guide over the panes: rubber band, selection, symmetry axes and keyboard cursor, as one path. */
/** @typedef {import('../editor/editor.js').Editor} Editor */
import { toolOf } from './tools.js';

/** Keeps `marks.guide` up to date. @param {Editor} editor */
export function attachGuide({ store }) {
  store.watch(
    [
      'marks.band',
      'marks.selection',
      'marks.caret',
      'tools.mirrorX',
      'tools.mirrorY',
      'tools.tool',
      'doc.width',
      'doc.height',
    ],
    (state) => {
      const { band, selection, caret } = state.marks;
      const { mirrorX, mirrorY, tool } = state.tools;
      const { width, height } = state.doc;
      const guide = new Path2D();
      const mirrors = toolOf(tool).options.includes('symmetry');
      if (mirrors && mirrorX) line(guide, width / 2, 0, width / 2, height);
      if (mirrors && mirrorY) line(guide, 0, height / 2, width, height / 2);
      if (caret) {
        const [x, y] = [Math.floor(caret.x), Math.floor(caret.y)];
        const arm = Math.max(width, height) / 40;
        guide.rect(x, y, 1, 1);
        for (const way of [-1, 1]) {
          const [near, far] = [0.5 + way / 2, 0.5 + way * (arm + 0.5)];
          line(guide, x + near, y + 0.5, x + far, y + 0.5);
          line(guide, x + 0.5, y + near, x + 0.5, y + far);
        }
      }
      for (const path of [selection?.path, band]) if (path) guide.addPath(path);
      const any = band || selection || caret || (mirrors && (mirrorX || mirrorY));
      store.set({ marks: { guide: any ? guide : null } });
    },
  );
}

/** @type {(path: Path2D, x0: number, y0: number, x1: number, y1: number) => void} */
function line(path, x0, y0, x1, y1) {
  path.moveTo(x0, y0);
  path.lineTo(x1, y1);
}
