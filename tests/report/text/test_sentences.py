"""Exact sentences of verdicts, all in sentences.json.

After a change of wording write them anew, and read the difference:

    WRITE_SENTENCES=1 pytest -n0 tests/report/text/test_sentences.py
"""

import json
import os
from pathlib import Path

from nnbench.report.text.verdict import verdicts
from tests.report.text.cases import CASES
from tests.test_language import OLD

SENTENCES, ANSWERS = map(Path(__file__).with_name, ("sentences.json", "answers.json"))

OLD_WORDS = ("loses to", "points", "lost", "came to")


def test_sentences_are_those_written_down():
    sentences = {name: verdicts(case.findings) for name, case in CASES.items()}
    if os.environ.get("WRITE_SENTENCES"):
        SENTENCES.write_text(json.dumps(sentences, indent=1, ensure_ascii=False) + "\n", "utf-8")

    assert sentences == json.loads(SENTENCES.read_text("utf-8"))


def test_sentences_have_none_of_the_old_words():
    text = SENTENCES.read_text("utf-8")
    assert [word for word in OLD_WORDS if word in text] + OLD.findall(text) == []


def test_percentage_points_follow_no_break_spaces():
    text = SENTENCES.read_text("utf-8") + ANSWERS.read_text("utf-8")
    assert text.count("\u00a0pp") > 100
    assert " pp" not in text
