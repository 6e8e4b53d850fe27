"""HTML as a parser sees it."""

from html.parser import HTMLParser


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.elements, self.texts = [], []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)


def read(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def tags(html):
    """Names of all elements."""
    return {tag for tag, _ in read(html).elements}


def attributes(html):
    """Names of all attributes."""
    return {name for _, attrs in read(html).elements for name in attrs}


def addresses(html):
    """All that elements lead to or load."""
    return [attrs[name] for _, attrs in read(html).elements for name in ("src", "href")
            if name in attrs]  # fmt: skip


def text_of(html):
    """The text, with one space where a browser has any; escaped markup is text."""
    return " ".join(
        word for text in read(html).texts for word in text.split(" ") if word.strip(" \n")
    )
