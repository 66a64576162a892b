"""The networks and what is needed to run them: pure torch and numpy, knows no other room."""
