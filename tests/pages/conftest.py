"""A real browser, and pages in it that may do nothing but what they are for."""

from contextlib import contextmanager

import pytest

from . import samples


@pytest.fixture(scope="session")
def hostile_report(tmp_path_factory):
    """The report on runs whose every name is an attack; written once, only to be read."""
    return samples.write_hostile(tmp_path_factory.mktemp("hostile") / "x")


@pytest.fixture(scope="session")
def written(tmp_path_factory, request):
    """Directories of pages by name, each written when it is first asked for."""
    makers = {
        "depth": lambda directory: samples.write(samples.depth_runs(), directory),
        "activation": lambda directory: samples.write(
            samples.activation_runs(), directory, "activation"
        ),
        "by hand": samples.write_by_hand,
        "answer": lambda directory: samples.write_by_hand(directory, **samples.answer_by_hand()),
    }
    pages = {}

    def directory(name):
        if name == "hostile":
            return request.getfixturevalue("hostile_report").page.parent
        if name not in pages:
            pages[name] = tmp_path_factory.mktemp("pages") / "x"
            makers[name](pages[name])
        return pages[name]

    return directory


@pytest.fixture
def opened(browser, written):
    """Opens a page, and fails where anything went wrong on it or it asked for anything."""

    @contextmanager
    def open_page(name, width=1280, scheme="light", place=""):
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        page = context.new_page()
        address = (written(name) / "index.html").as_uri()
        wrong = []
        page.on("console", lambda message: wrong.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))

        def answer(route):
            if route.request.url == address:
                route.continue_()
            else:
                wrong.append(f"asked for {route.request.url}")
                route.abort()

        context.route("**/*", answer)
        page.goto(f"{address}#{place}")
        page.wait_for_selector("html[data-drawn]", timeout=120_000)
        yield page
        assert wrong == []
        context.close()

    return open_page
