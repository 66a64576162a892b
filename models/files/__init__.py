"""The files of a model: its card, its weights and its starter scenes."""
