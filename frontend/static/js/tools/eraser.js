/** Paints blank pixels. */
import { t } from '../base/i18n.js';
import { pickClass } from './pick.js';
import { labelStroke } from './strokes.js';

/** @type {import('./tool.js').Tool<'eraser'>} */
export const eraser = {
  id: 'eraser',
  name: 'Eraser',
  key: 'E',
  options: ['size', 'shape', 'symmetry', 'pen'],
  begin: (editor, start) => labelStroke(editor, start, t('Erase'), editor.blankId),
  beginWithAlt: pickClass,
};
