// Runs before the first paint, so that a chosen theme never flashes in late.
document.documentElement.dataset.theme = localStorage.getItem('theme') ?? 'system';
