"""Messages of other libraries' errors, as one line of an error of ours."""


def one_line(error: BaseException) -> str:
    """The whole message of an error as one line; the name of its kind if it has no message."""
    return " ".join(str(error).split()) or type(error).__name__


def first_line(error: BaseException) -> str:
    """The first line of an error's message that says something; else the name of its kind.

    SQLAlchemy may begin with a remark, in brackets, on its action; that is left out.
    """
    lines = (line.strip() for line in str(error).splitlines() if not line.startswith("(raised"))
    return next(filter(None, lines), type(error).__name__)
