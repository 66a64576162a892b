/** File dialogs and downloads. */
import { make } from './dom.js';

/** The types `chooseFile` accepts as a photo. */
export const PICTURES = 'image/png,image/jpeg,image/webp';

/**
 * Opens the browser's file dialog.
 * @param {string} accept  MIME types or extensions, separated by commas
 * @returns {Promise<File|null>} the chosen file, or null if the dialog was canceled
 */
export function chooseFile(accept) {
  return new Promise((resolve) => {
    const input = make('input', { type: 'file', accept });
    input.hidden = true;
    /** @param {File} [file] */
    const end = (file) => {
      input.remove();
      resolve(file ?? null);
    };
    input.addEventListener('change', () => end(input.files?.[0]));
    input.addEventListener('cancel', () => end());
    // Browsers may garbage-collect an input outside the page while its dialog is open.
    document.body.append(input);
    input.click();
  });
}

/**
 * Saves a file to the download folder.
 * @param {Blob} blob
 * @param {string} name  of the file
 */
export function download(blob, name) {
  const link = make('a', { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
