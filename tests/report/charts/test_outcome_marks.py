"""Signs and colours of outcomes."""

import re
from importlib.resources import files

import pytest

from nnbench.report.charts.outcome_marks import COLOURS, SIGNS, marked
from nnbench.report.statistics import Outcome

CSS = (files("nnbench.pages") / "templates" / "page.css.j2").read_text("utf-8")


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(left, right):
    dark, light = sorted(map(luminance, (left, right)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("outcome", Outcome)
def test_outcome_is_legible_on_any_ground(outcome):
    grounds = re.findall(r"--(?:ground|card): (#\w+)", CSS)
    assert len(grounds) >= 4
    assert min(contrast(COLOURS[outcome], ground) for ground in grounds) >= 3


def test_no_two_outcomes_look_alike():
    assert len(set(SIGNS.values())) == len(set(COLOURS.values())) == len(Outcome) == 5


def test_outcome_is_said_with_its_sign():
    assert marked(Outcome.WORSE) == "▼ worse"
