"""Projects: their files, the store of shared ones, and a check that they still paint the same picture."""
