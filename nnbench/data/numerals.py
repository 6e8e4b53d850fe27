"""Text that stands for numbers: with a unit, marks between thousands, or as a date."""

import math
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

BOOLEANS = {"true": 1.0, "false": 0.0}
"""Words that pandas reads as numbers too, wherever a column has nothing else."""

EXACT = 2**53
"""The whole number beyond which floats skip whole numbers."""

UNITS = "$€£¥%"
"""Signs before or behind a number that are left out."""

MARKS = "'’\u00a0\u202f"
"""Separators of thousands besides a comma or a point: apostrophes, narrow spaces."""

LONGEST = 40
"""Letters of a number that stands among words, at most."""

AMOUNT = re.compile(rf"([+-]?)\s*([{UNITS}]?)\s*([^\s{UNITS}+-].*?)\s*([{UNITS}]?)")
ISO_DATE = re.compile(r"\d{4}-\d{2}.*", re.ASCII)
OTHER_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](\d{4}|\d{2})\b.*", re.ASCII)


@dataclass(frozen=True)
class Numerals:
    """Notation of numbers in a file; the first two fields are options of its data set."""

    decimal: str | None = None
    thousands: str | None = None
    separator: str = ","
    """Between two cells. Where that is a comma, none is taken for a decimal one."""

    def __post_init__(self) -> None:
        for option, mark in (("decimal", self.decimal), ("thousands", self.thousands)):
            if mark is not None and not (
                isinstance(mark, str) and re.fullmatch(r"[^\w+-]|_", mark)
            ):
                allowed = "must be one character, no letter, digit or sign, or null"
                raise ValueError(f"{option}={mark}: {allowed}")
        if self.thousands == (self.decimal or "."):
            allowed = "must be another character than decimal"
            raise ValueError(f"thousands={self.thousands}: {allowed}, which is {self.thousands!r}")

    def numbers(self, words: Sequence[str]) -> list[float] | None:
        """The numbers that all of some words stand for; None if one stands for none, or for two."""
        readings = self.readings(words)
        return (
            readings[0]
            if readings and all(reading == readings[0] for reading in readings)
            else None
        )

    def readings(self, words: Sequence[str]) -> list[list[float]]:
        """All ways in which all words are numbers; only the first if that needs no marks."""
        decimals = (
            [self.decimal] if self.decimal else [".", *([","] if self.separator != "," else [])]
        )
        conventions = [(decimals[0], self.thousands or "")]
        if not self.thousands:
            conventions += [(mark, MARKS + {".": ",", ",": "."}.get(mark, "")) for mark in decimals]
        readings = []
        for decimal, marks in conventions:
            numbers = all_or_none(words, decimal, marks)
            if numbers is not None:
                readings.append(numbers)
                if not marks:
                    break
        return readings

    def advice(self, words: Sequence[str]) -> str:
        """The option that would make numbers of words that aren't, or nothing."""
        if self.decimal or self.thousands or not any("," in word for word in words):
            return ""
        options = {"thousands": (".", ","), "decimal": (",", ".")}
        ways = [
            f"\"dataset.{option}=','\""
            for option, (decimal, marks) in options.items()
            if all_or_none(words, decimal, marks) is not None
        ]
        return " or ".join(ways)


def all_or_none(words: Sequence[str], decimal: str, marks: str) -> list[float] | None:
    """The numbers that words stand for, None unless all do and have one unit, if any."""
    digits = (
        rf"[1-9]\d{{0,2}}([{re.escape(marks)}])\d{{3}}(?:\1\d{{3}})*(?:{re.escape(decimal)}\d*)?"
    )
    grouped = re.compile(digits, re.ASCII) if marks else None
    if decimal == "." and not marks:
        # Tens of times as fast where all words are numbers as Python writes them.
        with suppress(ValueError):
            numbers = list(map(float, words))
            return None if any(map(math.isnan, numbers)) else numbers
    numbers = []
    for word in words:
        value = number(word, decimal, grouped)
        if value is None:
            # Most words stand for none, which the first tells.
            return None
        numbers.append(value)
    return numbers if sum(any(sign in word for word in words) for sign in UNITS) < 2 else None


def number(word: str, decimal: str, grouped: re.Pattern[str] | None) -> float | None:
    """The number that a word stands for, or None."""
    text = word.strip().replace("\u2212", "-")
    if text.lower() in BOOLEANS:
        return BOOLEANS[text.lower()]
    parts = AMOUNT.fullmatch(text)
    if parts is None or (parts[2] and parts[4]):
        return None
    digits = parts[3]
    marked = grouped.fullmatch(digits) if grouped else None
    digits = digits.replace(marked[1], "") if marked else digits
    if decimal != ".":
        digits = digits.replace(".", "no number").replace(decimal, ".")
    try:
        value = float(parts[1] + digits)
    except ValueError:
        return None
    return None if math.isnan(value) else value


def dates(words: Sequence[str]) -> list[float] | None:
    """The dates that all of some words are (ISO 8601), in days since 1970; None unless all are."""
    if not all(map(ISO_DATE.fullmatch, words)):
        return None
    stamps = pd.to_datetime(pd.Series(words), format="ISO8601", utc=True, errors="coerce")
    return None if stamps.isna().any() else days(stamps).tolist()


def days(stamps: Any) -> Any:
    """A column of dates as days since 1970, of times that passed as days; NaN where it has none."""
    if isinstance(stamps.dtype, pd.DatetimeTZDtype):
        stamps = stamps.dt.tz_convert(None)
    values = stamps.to_numpy()
    passed = values - np.datetime64(0, "D") if values.dtype.kind == "M" else values
    return passed / np.timedelta64(1, "D")


def are_other_dates(words: Iterable[str]) -> bool:
    """True if words are dates with an ambiguous order of day and month."""
    return all(map(OTHER_DATE.fullmatch, words))


def is_a_number(word: str, numerals: Numerals | None = None) -> bool:
    """True if a word is a number, plain or in the notation of its file, if that is known."""
    try:
        return not math.isnan(float(word))
    except ValueError:
        # A text is none, and takes long to read.
        return bool(numerals and len(word) <= LONGEST and numerals.readings([word]))


def strays_among_numbers(words: Iterable[str], numerals: Numerals | None = None) -> list[str]:
    """The words among different ones of which more than half can be read as numbers."""
    words = list(words)
    strays = [word for word in words if not is_a_number(word, numerals)]
    return strays if 2 * len(strays) < len(words) else []
