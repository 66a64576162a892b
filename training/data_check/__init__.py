"""Looking through a dataset before anyone trains on it."""
