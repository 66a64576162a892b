"""Weights of networks that were trained elsewhere: fetched or given, verified, converted."""
