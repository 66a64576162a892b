/** Which model goes on with a project, and what becomes of it there. */
/** @typedef {import('../types.js').Model} Model */
/** @typedef {import('./members.js').Project} Project */
import { translate } from '../classes.js';
import { t } from '../i18n.js';
import { resizeNearest } from '../labelmap.js';
import { withoutEmpty } from '../noise.js';

/**
 * @param {Project} project
 * @param {readonly Model[]} models  all there are
 * @returns {{model: Model, project: Project, notes: string}} its own model, else the one that has classes for most of
 * it; the notes say what is not as it was, if anything is
 * @throws {Error} fit for people
 */
export function fitted(project, models) {
  const { model: before, snapshot } = project;
  const { name, version } = before;
  const ready = models.filter(({ available }) => available);
  const own = ready.find((model) => model.id === before.id && fits(model, snapshot) && hasClasses(model, before));
  if (own) {
    if (own.hash && own.hash === before.hash) return { model: own, project, notes: '' };
    const notes = t('It was made with {name} {version}, which may have painted it in another way.', { name, version });
    return { model: own, project: { ...project, picture: null }, notes: own.hash === before.hash ? '' : notes };
  }

  const matches = ready.map((model) => ({ model, ...translate(snapshot.labels, before, model) }));
  const { model, labels, share, lost } = matches.sort((a, b) => b.share - a.share)[0];
  if (!share) throw new Error(t('This project was made with {name}, and no model here has such classes.', { name }));
  const [height, width] = fits(model, snapshot) ? [snapshot.height, snapshot.width] : model.native_size;
  /** @param {Uint8Array} map */
  const resized = (map) => resizeNearest(map, snapshot.width, snapshot.height, width, height);
  const regions = resized(snapshot.regions);
  const unclassed = snapshot.noise.regions.map((region) => ({ ...region, classId: null }));
  const noise = withoutEmpty({ ...snapshot.noise, regions: unclassed }, regions);
  const values = { name, model: model.name, share: Math.floor(100 * share), lost: lost.join(', ') };
  const notes = [t('{name} is not here; with {model}, {share} % of what is painted found a class.', values)];
  if (lost.length) notes.push(t('None found: {lost}.', values));
  return {
    model,
    project: {
      ...project,
      link: null,
      snapshot: { ...snapshot, width, height, labels: resized(labels), regions, noise, kept: null, photo: null },
      steps: { done: [], undone: [] },
      picture: null,
    },
    notes: notes.join(' '),
  };
}

/** @type {(model: Model, size: {width: number, height: number}) => boolean} */
const fits = ({ stride }, { width, height }) => width % stride === 0 && height % stride === 0;

/** @type {(model: Model, before: import('./members.js').MadeWith) => boolean} */
const hasClasses = ({ classes }, before) =>
  before.classes.every(({ id, name }) => classes.some((each) => each.id === id && each.name === name));
