/** Files between the page and the disk. */
import { make } from './dom.js';

/** What `chooseFile` accepts as a photo. */
export const PICTURES = 'image/png,image/jpeg,image/webp';

/**
 * @param {string} accept
 * @returns {Promise<File|null>} what the person chose, null when nothing
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
    // In the page, or a browser may throw it away while the person looks for the file.
    document.body.append(input);
    input.click();
  });
}

/**
 * @param {Blob} blob
 * @param {string} name
 */
export function download(blob, name) {
  const link = make('a', { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
