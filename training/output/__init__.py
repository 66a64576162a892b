"""What commands show and write: progress bars, files, charts and grids of samples."""
