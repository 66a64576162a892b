/** Projects: all of a person's work as one file, kept in the browser meanwhile, shared by a link. */
/** @typedef {import('../types.js').Model} Model */
/** @typedef {import('./members.js').Project} Project */
import { ask } from '../api.js';
import { find, make } from '../dom.js';
import { download } from '../files.js';
import { t } from '../i18n.js';
import { wireContent } from '../noise/rings.js';
import { render } from '../render.js';
import { openingScene } from '../scenes.js';
import { toast, toastError } from '../toast.js';
import { packZip, unpackZip } from '../zip.js';
import { Autosave } from './autosave.js';
import { fitted } from './fitting.js';
import { members } from './members.js';
import { readProject } from './read.js';

/** Milliseconds that saving waits for the server; without its picture the work is saved all the same. */
const PATIENCE = 4000;
const SHARED = 'api/projects';

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
      () => this.#unkept(),
    );
    const title = find('#project-title', HTMLElement);
    const name = find('#project-name', HTMLInputElement);
    name.addEventListener('change', () => editor.describe({ name: name.value.trim() }));
    name.addEventListener('keydown', ({ key }) => {
      if (key !== 'Enter') return;
      name.blur();
      find('#file-menu', HTMLElement).hidePopover();
    });
    const menu = find('#file-menu', HTMLElement);
    const earlier = find('#earlier', HTMLDetailsElement);
    menu.addEventListener('toggle', () => (earlier.open = false));
    earlier.addEventListener('toggle', () => earlier.open && this.#listEarlier(menu, find('ul', HTMLUListElement, earlier)).catch(toastError));
    editor.store.watch(['about', 'version'], ({ about, version }) => {
      title.textContent = about.name || t('Untitled');
      name.value = about.name;
      const unsaved = editor.isWork && version !== about.saved ? '• ' : '';
      document.title = unsaved + (about.name && `${about.name} – `) + 'Oasis Studio';
    });
  }

  #unkept() {
    const offer = { name: t('Save the project'), perform: () => this.save() };
    toast(t('This browser has no room to keep your work. Save it as a project.'), 'error', offer);
  }

  /**
   * @param {HTMLElement} menu
   * @param {HTMLElement} list
   */
  async #listEarlier(menu, list) {
    const rows = (await this.autosave.earlier()).map(({ id, name, saved }) => {
      const pick = make('button', { type: 'button', class: 'menu-item' }, name || t('Untitled'), make('small', {}, moment(saved)));
      pick.addEventListener('click', () => {
        menu.hidePopover();
        this.#reopen(id).catch(toastError);
      });
      return make('li', {}, pick);
    });
    list.replaceChildren(...(rows.length ? rows : [make('li', { class: 'menu-item' }, t('None'))]));
  }

  /** @param {string} id  of a work that the browser keeps */
  async #reopen(id) {
    const found = await this.autosave.reopen(id);
    this.#offerBack(opened(found.project), () => this.#again(found));
  }

  /**
   * @param {import('./autosave.js').Found} found
   * @returns {string} what is not as it was
   */
  #again({ project, id }) {
    const notes = this.#show(project, false);
    // What another model made of it is a work of its own.
    if (id && !notes) this.autosave.own(this.editor.doc, id);
    return notes;
  }

  /** @returns {Project} the work of now */
  #capture() {
    const { doc, state } = this.editor;
    const model = /** @type {Model} */ (state.model);
    return { ...doc.about, model, snapshot: doc.snapshot(), steps: doc.steps, underlay: state.underlay, picture: null };
  }

  /** @returns {Promise<{file: Blob, version: number}>} the work of now, with its picture if that comes in time */
  async #pack() {
    const { editor } = this;
    await Promise.race([editor.settled(), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
    const project = this.#capture();
    const { version, kept, photo } = project.snapshot;
    const picture = editor.state.shown === version ? editor.picture : null;
    let rendered = editor.fresh.version === version ? editor.fresh.picture : kept || photo?.kept ? null : picture;
    if (picture && !rendered) {
      const { model } = editor.state;
      rendered = model && (await render(model, project.snapshot, AbortSignal.timeout(PATIENCE)).catch(() => null));
    }
    const files = [];
    for (const [name, encode] of members({ ...project, picture, rendered, sent: wireContent(project.snapshot) })) {
      files.push({ name, data: await encode() });
    }
    return { file: await packZip(files), version };
  }

  async save() {
    const { file, version } = await this.#pack();
    const { name } = this.editor.doc.about;
    download(file, `${name.replace(/[^\p{L}\p{N} ._-]/gu, '_') || t('Untitled')}.oasis`);
    this.editor.describe({ saved: version });
  }

  /** Puts a copy on the server, in place of the one there if it is this browser's own, and copies its link. */
  async share() {
    const { editor } = this;
    const { file, version } = await this.#pack();
    const most = editor.state.sharing;
    if (file.size > most) {
      throw new Error(t('The server keeps projects of {most} MB at most.', { most: Math.floor(most / 2 ** 20) }));
    }
    let { link } = editor.doc.about;
    const key = link && localStorage.getItem(`oasis-key ${link}`);
    /** @type {(path: string, method: string) => Promise<Blob>} */
    const send = (path, method) => ask(path, { method, body: file, headers: { Authorization: `Bearer ${key}` } });
    // Whatever is wrong with the copy there, a new one can be made.
    const replaced = key && (await send(`${SHARED}/${link}`, 'PUT').catch(() => null));
    if (!replaced) {
      const made = JSON.parse(await (await send(SHARED, 'POST')).text());
      link = made.id;
      localStorage.setItem(`oasis-key ${link}`, made.key);
    }
    editor.describe({ link, saved: version });
    const url = new URL(`?project=${link}`, document.baseURI).href;
    // Browsers copy on a fresh click only, and only on pages that came encrypted.
    const copying = navigator.clipboard?.writeText(url).then(() => true);
    toast((await copying?.catch(() => false)) ? t('Link copied: {url}', { url }) : url);
  }

  /**
   * @param {Blob} file
   * @throws {Error} fit for people; the work at hand stays
   */
  async open(file) {
    const project = await readBlob(file);
    this.#offerBack(opened(project), () => this.#show(project, true));
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

  /** At the start of the page: opens what its link names, or what was there before. @returns {Promise<boolean>} if any */
  async resume() {
    const { editor } = this;
    const status = ask(SHARED, {}).then(async (answer) => JSON.parse(await answer.text()));
    status.then(({ enabled, max_bytes }) => editor.store.set({ sharing: enabled ? max_bytes : 0 })).catch(() => {});
    try {
      return (await this.#openLink().catch(toastError)) || (await this.#recover());
    } catch (error) {
      toastError(error);
      return false;
    } finally {
      try {
        this.autosave.start();
      } catch {
        this.#unkept();
      }
    }
  }

  async #openLink() {
    const id = new URLSearchParams(location.search).get('project');
    if (!id) return false;
    history.replaceState(null, '', location.pathname);
    const project = await readBlob(await ask(`${SHARED}/${encodeURIComponent(id)}`, { signal: AbortSignal.timeout(5 * PATIENCE) }));
    const notes = this.#show({ ...project, link: id }, true);
    if (notes) toast(notes);
    return true;
  }

  async #recover() {
    const found = await this.autosave.recover();
    if (!found) return false;
    const notes = this.#again(found);
    if (found.again && !notes) return true;
    const time = moment(found.saved);
    const afresh = { name: t('Start afresh'), perform: () => this.begin() };
    toast(`${t('Your work of {time} is back.', { time })} ${notes}`, 'note', afresh);
    return true;
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
    const perform = () => {
      if (work) editor.resume(work);
      editor.store.set({ underlay });
      this.switched();
    };
    this.switched();
    toast(`${message} ${notes}`, 'note', isWork ? { name: t('Back to the work before'), perform } : null);
  }

  /**
   * @param {Project} project
   * @param {boolean} saved
   * @returns {string} what is not as it was
   */
  #show(project, saved) {
    const { model, notes, ...fit } = fitted(project, this.editor.state.models);
    this.editor.open(model, fit.project, saved && !notes);
    this.editor.store.set({ underlay: project.underlay });
    return notes;
  }
}

/** @param {Project} project */
const opened = ({ name }) => t("Opened '{name}'.", { name: name || t('Untitled') });

/**
 * @param {number} saved  milliseconds since 1970
 * @returns {string} for people; the day only if it is another
 */
function moment(saved) {
  const when = new Date(saved);
  const dateStyle = when.toDateString() === new Date().toDateString() ? undefined : 'medium';
  return when.toLocaleString(document.documentElement.lang, { dateStyle, timeStyle: 'short' });
}

/** @param {Blob} file */
const readBlob = async (file) => readProject(await unpackZip(new Uint8Array(await file.arrayBuffer())));
