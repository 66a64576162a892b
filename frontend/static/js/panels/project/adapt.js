/** Adapts a project to the models of this server. */
/** @typedef {import('../../base/types.js').Model} Model */
/** @typedef {import('../../base/types.js').Project} Project */
import { UserError } from '../../base/errors.js';
import { t } from '../../base/i18n.js';
import { withoutEmpty } from '../../document/noise.js';
import { translate } from '../../maps/classes.js';
import { isWide, resizeNearest } from '../../maps/labelmap.js';
import { fits } from '../../maps/size.js';

/**
 * Finds a model for a project, and translates it if necessary.
 * @param {Project} project
 * @param {readonly Model[]} models  all models
 * @returns {{model: Model, project: Project, notes: string}} its own model, or the one with classes for most of it;
 * the notes, for display, tell what changed
 * @throws {UserError} if no model can paint any of it
 */
export function adaptProject(project, models) {
  const { model: before, snapshot } = project;
  const { name, version } = before;
  const notes = project.note ? [project.note] : [];
  const ready = models.filter(({ available }) => available);
  const own = ready.find((model) => model.id === before.id && fits(model, snapshot) && hasClasses(model, before));
  if (own) {
    const { hash } = own;
    if (hash !== before.hash)
      notes.push(t('It was made with {name} {version}, which may paint differently.', { name, version }));
    const picture = hash && hash === before.hash ? project.picture : null;
    return { model: own, project: { ...project, picture }, notes: notes.join(' ') };
  }

  const matches = ready.map((model) => ({ model, ...translate(snapshot.labels, before, model) }));
  if (!matches.length) throw new UserError(t('No model is ready to paint.'));
  const { model, labels, share, lost } = matches.sort((a, b) => b.share - a.share)[0];
  if (!share)
    throw new UserError(t('This project was made with {name}, and no model here has such classes.', { name }));
  const sameSize = fits(model, snapshot);
  const [height, width] = sameSize ? [snapshot.height, snapshot.width] : model.native_size;
  const regions = resizeNearest(snapshot.regions, snapshot.width, snapshot.height, width, height);
  const unclassed = snapshot.noise.regions.map((region) => ({ ...region, classId: null }));
  const noise = withoutEmpty({ ...snapshot.noise, regions: unclassed }, regions);
  const size = `${width} × ${height}`;
  const values = { name, model: model.name, share: Math.floor(100 * share), lost: lost.join(', '), size };
  if (model.id !== before.id || !hasClasses(model, before)) {
    notes.push(t('{name} is not available; {model} has classes for {share} % of it.', values));
  }
  if (!sameSize) notes.push(t('{model} cannot paint its size; it was resized to {size}.', values));
  if (lost.length) notes.push(t('No match for: {lost}.', values));
  return {
    model,
    project: {
      ...project,
      link: null,
      snapshot: {
        ...snapshot,
        width,
        height,
        labels: resizeNearest(labels, snapshot.width, snapshot.height, width, height),
        regions,
        noise,
        frozen: null,
        photo: null,
      },
      steps: { done: [], undone: [] },
      keyFrames: [],
      picture: null,
    },
    notes: notes.join(' '),
  };
}

/** @type {(model: Model, before: import('../../base/types.js').MadeWith) => boolean} */
const hasClasses = (model, before) =>
  isWide(model) === isWide(before) &&
  before.classes.every(({ id, name }) => model.classes.some((each) => each.id === id && each.name === name));
