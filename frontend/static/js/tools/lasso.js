/** Fills the outlined area. */
import * as raster from '../maps/raster.js';
import { pickClass } from './pick.js';
import { paintArea } from './shapes.js';

/** @type {import('./tool.js').Begin} */
const begin = (editor, start) => {
  const points = [start];
  const band = new Path2D();
  band.moveTo(start.x, start.y);
  return {
    move: (samples) => {
      points.push(...samples);
      for (const { x, y } of samples) band.lineTo(x, y);
      editor.store.set({ marks: { band: new Path2D(band) } });
    },
    end: () => paintArea(editor, (span) => raster.polygon(points, span)),
  };
};

/** @type {import('./tool.js').Tool<'lasso'>} */
export const lasso = {
  id: 'lasso',
  name: 'Lasso',
  key: 'L',
  options: ['symmetry'],
  usesClass: true,
  begin,
  beginWithAlt: pickClass,
};
