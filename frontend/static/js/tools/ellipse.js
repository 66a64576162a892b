/** Fills an ellipse. */
import * as raster from '../maps/raster.js';
import { dragBox, paintArea } from './shapes.js';

/** @type {import('./tool.js').Tool<'ellipse'>} */
export const ellipse = {
  id: 'ellipse',
  name: 'Ellipse',
  key: 'Shift+U',
  options: ['symmetry'],
  hint: 'Shift: equal sides, Alt: from the center',
  usesClass: true,
  begin: (editor, start) =>
    dragBox(editor, start, true, (box) => paintArea(editor, (span) => raster.box(box, true, span))),
};
