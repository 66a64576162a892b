/** Fills a rectangle. */
import * as raster from '../maps/raster.js';
import { dragBox, paintArea } from './shapes.js';

/** @type {import('./tool.js').Tool<'rectangle'>} */
export const rectangle = {
  id: 'rectangle',
  name: 'Rectangle',
  key: 'U',
  options: ['symmetry'],
  hint: 'Shift: equal sides, Alt: from the center',
  usesClass: true,
  begin: (editor, start) =>
    dragBox(editor, start, false, (box) => paintArea(editor, (span) => raster.box(box, false, span))),
};
