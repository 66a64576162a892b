/** Fills the clicked area. */
import { t } from '../base/i18n.js';
import { editLabels, labelPen, pixelsAt } from '../editor/pen.js';
import { className } from '../maps/classes.js';
import { fillArea } from '../maps/fill.js';
import { maskOf } from '../maps/labelmap.js';
import { pickClass } from './pick.js';

/** @type {import('./tool.js').Begin} */
const begin = (editor, start) => {
  const pixels = pixelsAt(editor, start);
  if (!pixels.length) return null;
  const end = () => {
    const { doc, state } = editor;
    const { labels, width } = doc;
    const areas = pixels.map((at) => {
      return start.shift ? maskOf(labels, (id) => id === labels[at]) : fillArea(labels, width, at, state.tools.gap);
    });
    const { paint, check } = labelPen(editor, state.classes.classId);
    editLabels(editor, t('Fill with {name}', { name: className(editor.state.model, state.classes.classId) }), () => {
      for (const area of areas) area.forEach((inside, i) => inside && paint(i));
    });
    check();
  };
  return { instant: true, end };
};

/** @type {import('./tool.js').Tool<'fill'>} */
export const fill = {
  id: 'fill',
  name: 'Fill',
  key: 'G',
  options: ['gap', 'symmetry'],
  hint: 'Shift: all of the class',
  usesClass: true,
  begin,
  beginWithAlt: pickClass,
};
