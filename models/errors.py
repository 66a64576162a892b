"""The base class of every error that is meant for people, and how messages show what others wrote."""

SHOWN = 200
"""Characters of a value or a text from outside that a message repeats at most."""


class UserError(Exception):
    """An error that its reader can do something about. The message says what was wrong, what was expected and what to
    do; the console command prints it without a traceback.

    Errors about a value are ValueErrors as well, so that code that knows no more than that can catch them.
    """


def shorten(value: object) -> str:
    """A value as a message shows it: its `repr` on one line, cut to `SHOWN` characters. Never raises."""
    try:
        return printable(repr(value), SHOWN)
    except (ValueError, RecursionError):  # of whole numbers beyond Python's limit of digits, of nested lists
        return f"a {type(value).__name__} too large to be shown"


def printable(text: str, length: int | None = None) -> str:
    """A text from a file or a request, safe to be printed on a terminal or in one line of a log.

    Args:
        text: Of any characters.
        length: At most so many of them are kept, the last as an ellipsis if there were more; None keeps all.

    Returns:
        The text with a space in place of each control or other invisible character.
    """
    if length is not None and len(text) > length:
        text = f"{text[: length - 1]}…"
    return "".join(each if each.isprintable() else " " for each in text)
