"""Pages in a real browser: what they show, what they do when touched, and what they never do."""

from pathlib import Path

import pytest

from nnbench.safety.sanitize import in_lines

from .samples import HOSTILE, LONG

pytestmark = pytest.mark.slow

GEOMETRY = (Path(__file__).parent / "geometry.js").read_text()
REPORTS = ("depth", "activation", "hostile", "by hand", "answer")
PAGES = ("answer", "evidence", "provenance")
WIDTHS = (390, 800, 1280)
LABELS = ".role-axis-label text"


def column(page, number):
    """The texts of a column, from top to bottom."""
    texts = page.locator(f".scroll tbody tr > :nth-child({number})").all_inner_texts()
    return [text.replace("\N{NO-BREAK SPACE}", " ") for text in texts]


def text_of(panel):
    """Text at the axes of a panel."""
    return sorted(panel.locator(LABELS).all_text_contents())


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", REPORTS)
def test_everything_can_be_read(name, width, opened):
    with opened(name, width) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(GEOMETRY) == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_first_screen_holds_answer_and_its_chart(width, scheme, opened):
    with opened("answer", width, scheme) as page:
        for element in ("h1", ".summary", "#page-answer > figure svg"):
            box = page.locator(element).first.bounding_box()
            assert 0 <= box["y"] < box["y"] + box["height"] <= 800


def shown(page):
    """The pages that are shown, and those whose tab is selected."""
    ids = "selected => selected.map((element) => element.id.slice(element.id.indexOf('-') + 1))"
    tabs = page.eval_on_selector_all("[role=tab][aria-selected=true]", ids)
    return [
        name
        for name in PAGES
        if page.locator(f"#page-{name} :is(.summary, section h2)").first.is_visible()
    ], tabs


def test_one_page_is_shown_at_a_time(opened):
    with opened("answer") as page:
        assert shown(page) == (["answer"], ["answer"])
        assert page.title().startswith("Accuracy falls by 0.4 pp")
        for name in ("provenance", "evidence"):
            page.locator(f"#tab-{name}").click()
            assert shown(page) == ([name], [name])
            assert page.locator("h1").is_visible()
            assert page.evaluate("scrollY") == 0
        page.go_back()
        assert shown(page) == (["provenance"], ["provenance"])


def test_keyboard_moves_between_pages(opened):
    with opened("answer") as page:
        page.locator("#tab-answer").focus()
        for key, name in (
            ("ArrowRight", "evidence"), ("ArrowRight", "provenance"), ("ArrowRight", "answer"),
            ("ArrowLeft", "provenance"), ("Home", "answer"), ("End", "provenance"),
        ):  # fmt: skip
            page.keyboard.press(key)
            assert shown(page) == ([name], [name])
            assert page.evaluate("document.activeElement.id") == f"tab-{name}"


@pytest.mark.parametrize(
    ("place", "name"),
    [("", "answer"), ("answer", "answer"), ("costs", "evidence"), ("how", "provenance"),
     ("page-evidence", "evidence"), ("none", "answer"), ("%F0", "answer")],
)  # fmt: skip
def test_link_opens_the_page_with_its_section(place, name, opened):
    with opened("answer", place=place) as page:
        assert shown(page) == ([name], [name])
        if place in ("answer", "costs", "how"):
            assert page.locator(f"#{place}").is_visible()
            assert page.locator(f"#{place} :is(table, svg, p)").first.is_visible()


def test_button_copies_a_command(opened):
    with opened("answer") as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.locator("#caveats .copy").first.click()
        page.wait_for_selector("text=Copied")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == "python -m nnbench params=1000,5000"


@pytest.mark.parametrize("name", REPORTS)
def test_every_chart_is_drawn(name, opened):
    with opened(name) as page:
        charts = page.locator("[data-chart]")
        drawn = page.locator("[data-chart]:has(svg .role-mark :is(line, path:not([d=''])))")
        assert charts.count() == drawn.count() > 1


def test_click_on_column_sorts_and_next_turns_round(opened):
    with opened("by hand") as page:
        headers, buttons = page.locator(".scroll th"), page.locator(".scroll th button")

        buttons.nth(1).click()
        assert column(page, 2) == ["~ 9.5% (1 to 20)", "10.0%", "—", "lost"]
        assert headers.nth(1).get_attribute("aria-sort") == "ascending"
        buttons.nth(1).click()
        assert column(page, 2) == ["10.0%", "~ 9.5% (1 to 20)", "—", "lost"]
        assert headers.nth(1).get_attribute("aria-sort") == "descending"

        buttons.nth(2).click()
        assert column(page, 3) == ["−3", "1e-05", "0.5", "1,200"]
        assert headers.nth(1).get_attribute("aria-sort") == "none"
        buttons.nth(4).click()
        assert column(page, 1) == ["a", "B", "b10", "b9"]


def test_keyboard_sorts_words_as_people_do(opened):
    with opened("by hand") as page:
        page.locator(".scroll th button").first.focus()
        page.keyboard.press("Enter")
        assert column(page, 1) == ["a", "B", "b9", "b10"]
        page.keyboard.press("Space")
        assert column(page, 1) == ["b10", "b9", "B", "a"]


def test_rows_that_are_alike_keep_their_order(opened):
    with opened("depth", place="comparison") as page:
        table = page.locator("#comparison .scroll")
        before = table.locator("tbody tr").all_inner_texts()
        assert table.locator("th button").nth(3).inner_text() == "Runs"
        table.locator("th button").nth(3).click()
        rows = table.locator("tbody tr").all_inner_texts()
        runs = [int(row.split("\t")[3]) for row in rows]
        assert runs == sorted(runs)
        assert [row for row in before if row.split("\t")[3] == str(runs[0])] == [
            row for row in rows if row.split("\t")[3] == str(runs[0])
        ]


def test_theme_follows_the_system_until_it_is_chosen(opened):
    ground = "getComputedStyle(document.body).backgroundColor"
    ink = f"getComputedStyle(document.querySelector('{LABELS}')).fill"
    with opened("by hand", scheme="light") as page:
        light = page.evaluate(ground), page.evaluate(ink)
        page.emulate_media(color_scheme="dark")
        dark = page.evaluate(ground), page.evaluate(ink)
        assert light[0] != dark[0]
        assert light[1] != dark[1]

        for choice, shown in (("light", light), ("dark", dark), ("auto", dark)):
            page.locator("#theme").click()
            assert page.locator("#theme").inner_text() == f"Colours: {choice}"
            assert (page.evaluate(ground), page.evaluate(ink)) == shown


def test_wheel_scrolls_the_page_and_zooms_with_ctrl(opened):
    with opened("by hand") as page:
        panel = page.locator("[data-chart]").first
        before = text_of(panel)
        panel.locator("svg .background").first.hover()
        page.mouse.wheel(0, 40)
        page.wait_for_timeout(300)
        assert page.evaluate("scrollY") == 40
        assert text_of(panel) == before

        panel.locator("svg .background").first.hover()
        page.keyboard.down("Control")
        page.mouse.wheel(0, -400)
        page.keyboard.up("Control")
        page.wait_for_timeout(100)
        assert text_of(panel) != before
        assert page.evaluate("scrollY") == 40
        assert page.evaluate("visualViewport.scale") == 1

        panel.locator("svg .background").first.dblclick()
        page.wait_for_timeout(100)
        assert text_of(panel) == before


def test_drag_moves_continuous_axes_only(opened):
    with opened("by hand") as page:
        for number, moves in ((0, True), (1, False)):
            panel = page.locator("[data-chart]").nth(number)
            before = text_of(panel)
            panel.locator("svg .background").first.hover()
            page.mouse.down()
            page.mouse.move(300, 300, steps=5)
            page.mouse.up()
            page.wait_for_timeout(100)
            assert (text_of(panel) != before) == moves


def test_click_in_a_legend_shows_one_alone(opened):
    with opened("by hand") as page:
        panel = page.locator("[data-chart]").first
        lines = panel.locator(".mark-line.role-mark path")
        panel.locator(".role-legend-entry text", has_text="two").click()
        page.wait_for_timeout(100)
        faint = [lines.nth(i).get_attribute("opacity") for i in range(lines.count())]
        assert sorted(faint) == ["0.08", "0.08", "0.08", "1"]


def test_hovered_mark_shows_the_whole_long_name(opened):
    with opened("by hand") as page:
        page.locator("[data-chart]").first.locator(".mark-symbol path[aria-label*=data_set]").nth(
            3
        ).hover()
        page.wait_for_selector("#vg-tooltip-element.visible")
        assert LONG[0] in page.locator("#vg-tooltip-element").inner_text()


def test_print_is_light_and_whole(opened):
    with opened("activation", scheme="dark") as page:
        page.emulate_media(media="print")
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(29, 31, 39)"
        assert not page.locator("nav, #theme, details:not([open])").first.is_visible()
        assert page.evaluate(GEOMETRY) == []


def test_print_has_all_pages(opened):
    with opened("answer", place="how") as page:
        page.emulate_media(media="print")
        assert shown(page)[0] == list(PAGES)
        assert page.locator("#costs svg").is_visible()


def test_names_of_users_do_nothing(opened):
    with opened("hostile") as page:
        assert page.locator("script").count() == 2
        assert page.locator("img, iframe, object, embed, main b, h1 + h1").count() == 0
        handlers = "[...document.querySelectorAll('*')].filter((element) => [...element.attributes]"
        handlers += ".some((attribute) => attribute.name.startsWith('on'))).length"
        assert page.evaluate(handlers) == 0
        hrefs = {link.get_attribute("href") for link in page.locator("a").all()}
        assert all(href.startswith(("#", "tables/")) or href == "report.json" for href in hrefs)
        output = page.locator("body").text_content()
        for name in HOSTILE:
            assert in_lines(name) in output
        # A tooltip shows what was chosen by a user, too.
        page.locator(".mark-symbol.role-mark path").first.hover()


def test_links_lead_where_they_say(opened):
    with opened("by hand") as page:
        links = page.locator(".scroll a")
        assert [link.get_attribute("href") for link in links.all()] == [
            "http://127.0.0.1:5000/#/runs/a", "runs/c?x=1&y=(2)|3",
            "https://mlflow.example/" + LONG[0],
        ]  # fmt: skip
        assert links.nth(2).inner_text() == HOSTILE[1]
