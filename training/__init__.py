"""Data, losses, loops and recipes that produce the weights; knows models/, never backend/."""
