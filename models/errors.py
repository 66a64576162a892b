"""The base class of every error that is meant for people."""


class UserError(Exception):
    """An error that its reader can do something about. The message says what was wrong, what was expected and what to
    do; the console command prints it without a traceback.

    Errors about a value are ValueErrors as well, so that code that knows no more than that can catch them.
    """


MESSAGE_CHARACTERS = 200


def shorten(text: str, most: int = MESSAGE_CHARACTERS) -> str:
    """Text of a file or a client for a message: at most so many characters, of which none controls a terminal."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text[: most + 1])
    return printable if len(printable) <= most else f"{printable[: most - 1]}…"
