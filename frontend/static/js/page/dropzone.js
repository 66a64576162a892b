/** Files dropped on the page or pasted into it. */
/**
 * Listens for dropped and pasted files.
 * @param {(file: File) => void} receive
 */
export function attachDropzone(receive) {
  /** @param {boolean} over */
  const show = (over) => document.body.classList.toggle('dropping', over);
  /** @param {DragEvent} event */
  const hasFiles = (event) => event.dataTransfer?.types.includes('Files') ?? false;

  addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    show(true);
  });
  // Leaving the window, the drag has no related target.
  addEventListener('dragleave', ({ relatedTarget }) => relatedTarget ?? show(false));
  addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    show(false);
    const file = event.dataTransfer?.files[0];
    if (file) receive(file);
  });
  addEventListener('paste', (event) => {
    const file = event.clipboardData?.files[0];
    if (!file) return;
    event.preventDefault();
    receive(file);
  });
}
