"""Texts that mean something on one machine only, in files that others read."""

import re

LOCAL = re.compile(
    r"127\.0\.0\.1|localhost|\[::1\]|file://|sqlite:////|(?<![\w.:/<-])/(?:root|home|work|tmp|Users|private)/"
)
"""Addresses and paths of one machine."""

PAGES = (".md", ".json", ".csv", ".html", ".svg")


def local_texts(directory):
    """Each file below a directory that names something local, with the first of it."""
    for file in sorted(directory.rglob("*")):
        if file.suffix in PAGES:
            text = file.read_text("utf-8")
            # The script of the charts knows addresses that it never loads.
            match = LOCAL.search(re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL))
            if match:
                yield str(file.relative_to(directory)), text[match.start() - 40 : match.end() + 40]
