"""The base class of every error that is meant for people."""


class UserError(Exception):
    """An error that its reader can do something about. The message says what was wrong, what was expected and what to
    do; the console command prints it without a traceback.

    Errors about a value are ValueErrors as well, so that code that knows no more than that can catch them.
    """
