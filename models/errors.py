"""The base class of every error that is meant for people, and what of a file may be shown to them."""


class UserError(Exception):
    """An error that its reader can do something about. The message says what was wrong, what was expected and what to
    do; the console command prints it without a traceback.

    Errors about a value are ValueErrors as well, so that code that knows no more than that can catch them.
    """


def printable(text: str) -> str:
    """Text from a file, for a terminal: without control characters, which could move its cursor or change its title."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "\N{REPLACEMENT CHARACTER}" for letter in text)
