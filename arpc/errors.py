"""The one exception that reaches the user."""


class ArpcError(Exception):
    """Something stopped the command; the command line prints it and exits with code 2.

    Problems *in a case* are not exceptions: see `arpc.findings`.

    Args:
        message: What went wrong, lower case, no final stop, no record content.
        hint: What the user can do next, if there is one thing to do.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint
