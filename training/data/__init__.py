"""Pairs of photos and label maps, from files to tensors."""
