// Runs before the first paint, so that a chosen theme never flashes in late.
let theme;
try {
  theme = localStorage.getItem('theme');
} catch {
  // Where nothing may be kept, nobody chose.
}
document.documentElement.dataset.theme = theme ?? 'system';
