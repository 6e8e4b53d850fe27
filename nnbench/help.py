"""The text of `python -m nnbench --help`, made from conf/ and the commands themselves."""
def help_text() -> str:
    return ""
