"""The exact inference engine: the same pictures as `models.oasis` for a fraction of the work."""
