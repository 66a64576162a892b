"""A training run: its networks, its steps, its state on disk and its pace."""
