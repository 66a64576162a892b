/** Projects: all of a person's work as one file, kept in the browser meanwhile, shared by a link. */
/** @typedef {import('../types.js').Model} Model */
/** @typedef {import('./members.js').Project} Project */
import { translate } from '../classes.js';
import { find } from '../dom.js';
import { download } from '../files.js';
import { t } from '../i18n.js';
import { resizeNearest } from '../labelmap.js';
import { withoutEmpty } from '../noise.js';
import { wireContent } from '../noise/rings.js';
import { render } from '../render.js';
import { openingScene } from '../scenes.js';
import { toast, toastError } from '../toast.js';
import { packZip, unpackZip } from '../zip.js';
import { Autosave } from './autosave.js';
import { members } from './members.js';
import { readProject } from './read.js';

/** Milliseconds that saving waits for the server; without its picture the work is saved all the same. */
const PATIENCE = 4000;

export class Projects {
  /**
   * @param {import('../editor.js').Editor} editor
   * @param {() => void} switched  other work is at hand
   */
  constructor(editor, switched) {
    this.editor = editor;
    this.switched = switched;
    this.autosave = new Autosave(
      editor,
      () => this.#capture(),
      () => toast(t('This browser has no room to keep your work. Save it as a project.'), 'error', this.#saving),
    );
    const title = find('#project-title', HTMLElement);
    const name = find('#project-name', HTMLInputElement);
    name.addEventListener('change', () => editor.describe({ name: name.value.trim() }));
    name.addEventListener('keydown', ({ key }) => {
      if (key !== 'Enter') return;
      name.blur();
      find('#file-menu', HTMLElement).hidePopover();
    });
    editor.store.watch(['about', 'version'], ({ about, version }) => {
      title.textContent = about.name || t('Untitled');
      name.value = about.name;
      const unsaved = editor.isWork && version !== about.saved ? '• ' : '';
      document.title = `${unsaved}${about.name ? `${about.name} – ` : ''}Oasis Studio`;
    });
  }

  get #saving() {
    return { name: t('Save the project'), perform: () => this.save() };
  }

  /** @returns {Project} the work of now */
  #capture() {
    const { doc, state } = this.editor;
    const { name, link } = doc.about;
    const model = /** @type {Model} */ (state.model);
    return { name, link, model, snapshot: doc.snapshot(), steps: doc.steps, underlay: state.underlay, picture: null };
  }

  /** @returns {Promise<{file: Blob, version: number}>} the work of now, with its picture if that comes in time */
  async pack() {
    const { editor } = this;
    await Promise.race([editor.settled(), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
    const project = this.#capture();
    const { snapshot, model } = project;
    const { version, kept } = snapshot;
    const picture = editor.state.shown === version ? editor.picture : null;
    let rendered = editor.fresh.version === version ? editor.fresh.picture : kept ? null : picture;
    if (picture && !rendered) {
      const asked = render(/** @type {Model} */ (model), snapshot, AbortSignal.timeout(PATIENCE));
      rendered = await asked.catch(() => null);
    }
    const files = [];
    for (const [name, encode] of members({ ...project, picture, rendered, sent: wireContent(snapshot) })) {
      files.push({ name, data: await encode() });
    }
    return { file: await packZip(files), version };
  }

  async save() {
    const { file, version } = await this.pack();
    const { name } = this.editor.doc.about;
    download(file, `${name.replace(/[^\p{L}\p{N} ._-]/gu, '_') || t('Untitled')}.oasis`);
    this.editor.describe({ saved: version });
  }

  /**
   * @param {Blob} file
   * @throws {Error} fit for people; the work at hand stays
   */
  async open(file) {
    const project = await readProject(await unpackZip(new Uint8Array(await file.arrayBuffer())));
    this.#offerBack(t("Opened '{name}'.", { name: project.name || t('Untitled') }), () => this.#show(project, true).notes);
  }

  /** Starts afresh with the model of now. */
  async begin() {
    const { editor } = this;
    const { model, models } = editor.state;
    if (!model) return;
    const scene = await openingScene(model, models).catch(() => null);
    this.#offerBack(t('A new project.'), () => {
      editor.useModel(model, scene);
      editor.store.set({ underlay: null });
      return '';
    });
  }

  /** At the start of the page: brings back what was there before. @returns {Promise<boolean>} whether there was any */
  async resume() {
    try {
      const found = await this.autosave.recover();
      if (!found) return false;
      const { notes, model } = this.#show(found.project, false);
      if (found.id && !notes) this.autosave.own(this.editor.doc, found.id);
      if (found.again && !notes) return true;
      const time = new Intl.DateTimeFormat(document.documentElement.lang, when(found.saved)).format(found.saved);
      const afresh = { name: t('Start afresh'), perform: () => this.begin() };
      toast(`${t('Your work of {time} is back.', { time })} ${notes}`, 'note', afresh);
      return model !== null;
    } catch (error) {
      toastError(error);
      return false;
    } finally {
      try {
        this.autosave.start();
      } catch {
        toast(t('This browser does not let the page keep your work. Save it as a project.'), 'error', this.#saving);
      }
    }
  }

  /**
   * @param {string} message
   * @param {() => string} change  to other work; says more
   */
  #offerBack(message, change) {
    const { editor } = this;
    const { work, isWork } = editor;
    const { underlay } = editor.state;
    const notes = change();
    const back = () => {
      editor.resume(/** @type {import('../editor.js').Work} */ (work));
      editor.store.set({ underlay });
      this.switched();
    };
    this.switched();
    toast(`${message} ${notes}`, 'note', work && isWork ? { name: t('Back to the work before'), perform: back } : null);
  }

  /**
   * @param {Project} project
   * @param {boolean} saved
   * @returns {{model: Model, notes: string}} what it was opened with, and what is not as it was
   */
  #show(project, saved) {
    const { editor } = this;
    const { underlay, model: before } = project;
    const ready = editor.state.models.filter(({ available }) => available);
    const own = ready.find((model) => model.id === before.id && fits(model, project.snapshot) && hasClasses(model, before));
    if (own) {
      const known = own.hash === before.hash;
      editor.open(own, { ...project, picture: own.hash && known ? project.picture : null }, saved);
      editor.store.set({ underlay });
      const { name, version } = before;
      return { model: own, notes: known ? '' : t('It was made with {name} {version}, which painted it in another way.', { name, version }) };
    }
    const { model, lost, ...match } = nearest(ready, project);
    const { snapshot } = project;
    const [height, width] = fits(model, snapshot) ? [snapshot.height, snapshot.width] : model.native_size;
    /** @param {Uint8Array} map */
    const resized = (map) => resizeNearest(map, snapshot.width, snapshot.height, width, height);
    const regions = resized(snapshot.regions);
    const own_regions = snapshot.noise.regions.map((region) => ({ ...region, classId: null }));
    const noise = withoutEmpty({ ...snapshot.noise, regions: own_regions }, regions);
    const content = { ...snapshot, width, height, labels: resized(match.labels), regions, noise, kept: null };
    editor.open(model, { ...project, snapshot: content, steps: { done: [], undone: [] }, picture: null, link: null }, false);
    editor.store.set({ underlay });
    const values = { name: before.name, model: model.name, share: Math.floor(100 * match.share) };
    const said = t('{name} is not here; with {model}, {share} % of what is painted found a class.', values);
    return { model, notes: lost.length ? `${said} ${t('None found: {lost}.', { lost: lost.join(', ') })}` : said };
  }
}

/**
 * @param {Model[]} models
 * @param {Project} project
 * @returns the model that has classes for most of it
 */
function nearest(models, { snapshot, model }) {
  const matches = models.map((each) => ({ model: each, ...translate(snapshot.labels, model, each) }));
  const best = matches.sort((a, b) => b.share - a.share)[0];
  if (!best?.share) throw new Error(t('This project was made with {name}, and no model here has such classes.', { name: model.name }));
  return best;
}

/** @type {(model: Model, size: {width: number, height: number}) => boolean} */
const fits = ({ stride }, { width, height }) => [width, height].every((side) => side % stride === 0);

/** @type {(model: Model, before: import('./members.js').MadeWith) => boolean} */
const hasClasses = ({ classes }, before) =>
  before.classes.every(({ id, name }) => classes.some((each) => each.id === id && each.name === name));

/**
 * @param {number} time
 * @returns {Intl.DateTimeFormatOptions} the day only if it is not today
 */
const when = (time) =>
  new Date(time).toDateString() === new Date().toDateString() ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' };
