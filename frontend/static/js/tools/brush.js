/** Paints the current class. */
import { t } from '../base/i18n.js';
import { className } from '../maps/classes.js';
import { pickClass } from './pick.js';
import { labelStroke } from './strokes.js';

/** @type {import('./tool.js').Tool<'brush'>} */
export const brush = {
  id: 'brush',
  name: 'Brush',
  key: 'B',
  options: ['size', 'shape', 'symmetry', 'pen'],
  usesClass: true,
  begin: (editor, start) => {
    const { classId } = editor.state.classes;
    return labelStroke(editor, start, t('Paint {name}', { name: className(editor.state.model, classId) }), classId);
  },
  beginWithAlt: pickClass,
};
