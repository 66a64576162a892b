"""A small segmenter, and what synthetic pictures are worth to it (thesis sec. 4.3.5)."""
