"""`python -m models.engine`: compile the kernels now instead of when they are first needed."""

from models.kernels.library import LibraryError, library

try:
    print(f"Kernels for this processor: {library()._name}")
except LibraryError as error:
    print(f"{error}\nThe server works without them, several times slower.")
