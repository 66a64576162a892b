"""Projects: their files, the store that keeps them for others, and a check that they still paint the same."""
