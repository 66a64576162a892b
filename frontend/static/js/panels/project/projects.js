/** Projects: saved as one file, saved automatically in the browser, and shared by link. */
/** @typedef {import('../../base/types.js').Model} Model */
/** @typedef {import('../../base/types.js').Project} Project */
import { find, make } from '../../base/dom.js';
import { download } from '../../base/download.js';
import { UserError } from '../../base/errors.js';
import { t } from '../../base/i18n.js';
import { toast, toastError } from '../../base/toast.js';
import { wireContent } from '../../document/wire-noise.js';
import { beginWork, openProject } from '../../editor/works.js';
import { packZip, unpackZip } from '../../formats/zip.js';
import { render } from '../../server/render.js';
import { openingScene } from '../../server/scenes.js';
import { adaptProject } from './adapt.js';
import { Autosave } from './autosave.js';
import { members } from './members.js';
import { readProject, withoutFolder } from './read.js';
import { addressOf, fetchCopy, maxBytes, sendCopy } from './sharing.js';
import { readWork } from './works.js';

/** Milliseconds that saving waits for the picture. Without it the project is saved all the same. */
const TIMEOUT = 4000;

/** Saves, opens and shares projects. */
export class Projects {
  /**
   * @param {import('../../editor/editor.js').Editor} editor
   * @param {() => void} switched  called after switching to other work
   */
  constructor(editor, switched) {
    this.editor = editor;
    this.switched = switched;
    this.autosave = new Autosave(
      editor,
      () => this.#capture(),
      (error) => this.#warnNotStored(error),
    );
    const title = find('#project-title', HTMLElement);
    const name = find('#project-name', HTMLInputElement);
    name.addEventListener('change', () => editor.describe({ name: name.value.trim() }));
    name.addEventListener('keydown', ({ key }) => {
      if (key !== 'Enter') return;
      name.blur();
      find('#file-menu', HTMLElement).hidePopover();
    });
    const link = find('#project-link', HTMLInputElement);
    link.addEventListener('focus', () => link.select());
    const menu = find('#file-menu', HTMLElement);
    const earlier = find('#earlier', HTMLDetailsElement);
    menu.addEventListener('toggle', () => (earlier.open = false));
    earlier.addEventListener(
      'toggle',
      () => earlier.open && this.#listEarlier(menu, find('ul', HTMLUListElement, earlier)).catch(toastError),
    );
    editor.store.watch(['doc.about', 'doc.version'], ({ doc: { about, version } }) => {
      link.value = about.link ? addressOf(about.link) : '';
      find('#project-shared', HTMLElement).hidden = !about.link;
      title.textContent = about.name || t('Untitled');
      name.value = about.name;
      const unsaved = editor.hasWork && version !== about.saved ? '• ' : '';
      document.title = unsaved + (about.name && `${about.name} – `) + 'Oasis Studio';
    });
  }

  /** @param {unknown} error */
  #warnNotStored(error) {
    const full = error instanceof DOMException && error.name === 'QuotaExceededError';
    const message = full
      ? t('This browser has no room to store your work. Save it as a project.')
      : t('This browser does not let the page store your work. Save it as a project.');
    toast(message, 'error', { name: t('Save the project'), perform: () => this.save() });
  }

  /**
   * @param {HTMLElement} menu
   * @param {HTMLElement} list
   */
  async #listEarlier(menu, list) {
    const rows = (await this.autosave.earlier()).map((work) => {
      const title = work.name || t('Untitled');
      const pick = make('button', { class: 'menu-item' }, title, make('small', {}, moment(work.saved)));
      pick.addEventListener('click', () => {
        menu.hidePopover();
        this.#reopen(work).catch(toastError);
      });
      return make('li', {}, pick);
    });
    list.replaceChildren(...(rows.length ? rows : [make('li', { class: 'menu-item' }, t('None'))]));
  }

  /** Opens a work saved in the browser. @param {import('./works.js').Work} work */
  async #reopen(work) {
    const found = await this.#readSaved(work);
    if (found) this.#switchTo(opened(found.project), () => this.#restore(found));
  }

  /**
   * Reads a work saved in the browser. One that cannot be opened stays there, and is offered as a file.
   * @param {import('./works.js').Work} work
   * @returns {Promise<import('./autosave.js').Found|null>}
   */
  async #readSaved({ id, name, saved }) {
    try {
      return await this.autosave.reopen(id);
    } catch (error) {
      const reason = error instanceof UserError ? error.message : String(error);
      const what = { name: name || t('Untitled'), time: moment(saved), reason };
      const perform = async () => {
        const members = [...(await readWork(id))].filter(([, data]) => data instanceof Uint8Array);
        download(await packZip(members.map(([name, data]) => ({ name, data }))), fileName(name));
      };
      toast(t("'{name}' from {time} cannot be opened. {reason}", what), 'error', {
        name: t('Save what is there'),
        perform,
      });
      return null;
    }
  }

  /**
   * Shows a saved work, and claims its record.
   * @param {import('./autosave.js').Found} found
   * @returns {string} what had to be changed, for display
   */
  #restore({ project, id }) {
    const notes = this.#show(project, false);
    // Translated to another model, it becomes a new work.
    if (id && !notes) this.autosave.adopt(this.editor.doc, id);
    return notes;
  }

  /** @returns {Project & {model: Model}} the current work */
  #capture() {
    const { doc, state } = this.editor;
    const model = /** @type {Model} */ (state.model);
    return {
      ...doc.about,
      model,
      snapshot: doc.snapshot(),
      steps: doc.steps,
      underlay: state.view.underlay,
      picture: null,
    };
  }

  /**
   * @param {Project & {model: Model}} project  the current one, which gets its picture if that arrives in time
   * @returns {Promise<Blob>} its file
   */
  async #pack(project) {
    const { editor } = this;
    await Promise.race([editor.painting.settled(), new Promise((resolve) => setTimeout(resolve, TIMEOUT))]);
    const { version, frozen, photo } = project.snapshot;
    const picture = editor.state.live.shown === version ? editor.painting.picture : null;
    let rendered =
      editor.painting.fresh.version === version
        ? editor.painting.fresh.picture
        : frozen || photo?.shown
          ? null
          : picture;
    if (picture && !rendered) {
      rendered = await render(project.model, project.snapshot, AbortSignal.timeout(TIMEOUT)).catch(() => null);
    }
    const files = [];
    for (const [name, encode] of members({ ...project, picture, rendered, sent: wireContent(project.snapshot) })) {
      files.push({ name, data: await encode() });
    }
    return packZip(files);
  }

  /** Saves the project as a file. */
  async save() {
    const { doc } = this.editor;
    const project = this.#capture();
    const file = await this.#pack(project);
    download(file, fileName(project.name));
    this.editor.describe({ saved: project.snapshot.version }, doc);
  }

  /**
   * Stores a copy on the server, replacing the last one if this browser made it, and copies its link.
   * @param {boolean} [force]  overwrite what others have stored there
   */
  async share(force = false) {
    const { doc, state } = this.editor;
    const project = this.#capture();
    let file = await this.#pack(project);
    const whole = file.size <= state.sharing;
    if (!whole) file = await this.#pack({ ...project, steps: { done: [], undone: [] } });
    if (file.size > state.sharing) {
      const message = t('The server stores projects of up to {most} MB.', {
        most: Math.floor(state.sharing / 2 ** 20),
      });
      return toast(message, 'error', { name: t('Save the project'), perform: () => this.save() });
    }
    const link = await sendCopy(file, project.link, force).catch((error) => {
      if (error.status !== 412) throw error;
      toast(t('The shared copy was changed elsewhere.'), 'error', {
        name: t('Replace the shared copy'),
        perform: () => this.share(true),
      });
    });
    if (!link) return;
    this.editor.describe({ link, saved: project.snapshot.version }, doc);
    const url = addressOf(link);
    // Browsers allow copying only right after a click, and only in secure contexts.
    const copied = await navigator.clipboard?.writeText(url).then(
      () => true,
      () => false,
    );
    toast(copied ? t('Link copied: {url}', { url }) : t('The link is in the File menu: {url}', { url }));
    if (!whole) toast(t('Shared without undo steps: with them it is too large.'));
  }

  /**
   * Opens a project file.
   * @param {Blob} file
   * @throws {UserError} if it cannot be read; the current work stays
   */
  async open(file) {
    const project = await readBlob(file);
    this.#switchTo(opened(project), () => this.#show(project, true));
  }

  /** Starts a new project with the current model. */
  async begin() {
    const { editor } = this;
    const { model, models } = editor.state;
    if (!model) return;
    const scene = await openingScene(model, models).catch(() => null);
    this.#switchTo(t('New project started.'), () => {
      beginWork(editor, model, scene);
      editor.store.set({ view: { underlay: null } });
      return '';
    });
  }

  /** Opens the project of a link, or restores the last work. @returns {Promise<boolean>} whether there was one */
  async resume() {
    const { editor } = this;
    maxBytes()
      .then((sharing) => editor.store.set({ sharing }))
      .catch(() => {});
    try {
      return (await this.#openLink().catch(toastError)) || (await this.#recover());
    } catch (error) {
      toastError(error);
      return false;
    } finally {
      this.autosave.start();
    }
  }

  async #openLink() {
    const id = new URLSearchParams(location.search).get('project');
    if (!id) return false;
    // Keep the link in the address until the project has loaded.
    const done = () => history.replaceState(null, '', location.pathname);
    const file = await fetchCopy(id, AbortSignal.timeout(5 * TIMEOUT)).catch((error) => {
      if (error.status === 404) done();
      throw error;
    });
    done();
    const project = await readBlob(file);
    const notes = this.#show({ ...project, link: id }, true);
    if (notes) toast(notes);
    return true;
  }

  async #recover() {
    const last = await this.autosave.recover();
    const found = last && (await this.#readSaved(last.work));
    if (!found) return false;
    const notes = this.#restore(found);
    if (last.again && !notes) return true;
    const time = moment(last.work.saved);
    const afresh = { name: t('Start over'), perform: () => this.begin() };
    toast(`${t('Your work from {time} is back.', { time })} ${notes}`, 'note', afresh);
    return true;
  }

  /**
   * Switches to other work, with a button that switches back.
   * @param {string} message
   * @param {() => string} change  switches; returns more to say
   */
  #switchTo(message, change) {
    const { editor } = this;
    const { work, hasWork } = editor;
    const { underlay } = editor.state.view;
    const notes = change();
    const perform = () => {
      if (work) editor.resume(work);
      editor.store.set({ view: { underlay } });
      this.switched();
    };
    this.switched();
    toast(`${message} ${notes}`, 'note', hasWork ? { name: t('Back to previous work'), perform } : null);
  }

  /**
   * @param {Project} project
   * @param {boolean} saved
   * @returns {string} what had to be changed, for display
   */
  #show(project, saved) {
    const { model, notes, ...adapted } = adaptProject(project, this.editor.state.models);
    openProject(this.editor, model, adapted.project, saved && !notes);
    this.editor.store.set({ view: { underlay: project.underlay } });
    return notes;
  }
}

/** @param {Project} project */
const opened = ({ name }) => t("Opened '{name}'.", { name: name || t('Untitled') });

/** @param {string} name  of the project */
const fileName = (name) => `${name.replace(/[^\p{L}\p{N} ._-]/gu, '_') || t('Untitled')}.oasis`;

/**
 * @param {number} saved  milliseconds since 1970, or 0 if unknown
 * @returns {string} for display; without the date if it is today
 */
function moment(saved) {
  if (!saved) return t('an unknown time');
  const when = new Date(saved);
  const dateStyle = when.toDateString() === new Date().toDateString() ? undefined : 'medium';
  return when.toLocaleString(document.documentElement.lang, { dateStyle, timeStyle: 'short' });
}

/** @param {Blob} file */
async function readBlob(file) {
  return readProject(withoutFolder(await unpackZip(new Uint8Array(await file.arrayBuffer()))));
}
