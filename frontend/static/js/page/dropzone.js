/** Files dropped on the page or pasted into it. */
import { t } from '../base/i18n.js';
import { toast } from '../base/toast.js';

/**
 * Listens for dropped and pasted files.
 * @param {(file: File) => void} receive
 */
export function attachDropzone(receive) {
  /** @param {boolean} over */
  const show = (over) => document.body.classList.toggle('dropping', over);
  /** @param {DragEvent} event */
  const hasFiles = (event) => event.dataTransfer?.types.includes('Files') ?? false;
  /** A picture or link of another page, which would replace this one. @param {DragEvent} event */
  const hasAddress = (event) => event.dataTransfer?.types.includes('text/uri-list') ?? false;

  addEventListener('dragover', (event) => {
    if (!hasFiles(event) && !hasAddress(event)) return;
    event.preventDefault();
    show(true);
  });
  // Leaving the window, the drag has no related target.
  addEventListener('dragleave', ({ relatedTarget }) => relatedTarget ?? show(false));
  addEventListener('drop', (event) => {
    if (!hasFiles(event) && !hasAddress(event)) return;
    event.preventDefault();
    show(false);
    const [file, ...others] = event.dataTransfer?.files ?? [];
    if (!file) return toast(t('Save the picture first and drop the file, or copy and paste it.'), 'error');
    if (others.length) toast(t('Only {name} is opened: drop one file at a time.', { name: file.name }));
    receive(file);
  });
  addEventListener('paste', (event) => {
    const file = event.clipboardData?.files[0];
    if (!file) return;
    event.preventDefault();
    receive(file);
  });
}
