/**
 * Files dropped anywhere on the page or pasted into it.
 * @param {(file: File) => void} receive
 */
export function attachDropzone(receive) {
  let depth = 0;
  /** @param {number} now */
  const enter = (now) => {
    depth = now;
    document.body.classList.toggle('dropping', depth > 0);
  };
  /** @param {DragEvent} event */
  const hasFiles = (event) => event.dataTransfer?.types.includes('Files') ?? false;

  addEventListener('dragenter', (event) => hasFiles(event) && enter(depth + 1));
  addEventListener('dragleave', (event) => hasFiles(event) && enter(Math.max(0, depth - 1)));
  addEventListener('dragover', (event) => hasFiles(event) && event.preventDefault());
  addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    enter(0);
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
