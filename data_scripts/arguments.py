"""What stands on the command lines of the data scripts: spans of months, sizes and counts."""

from __future__ import annotations

import argparse
import datetime
import re


def span(text: str, *, first: str, publisher: str) -> list[str]:
    """All months of a span, or the one: "2009-11..2010-02" or "2009-11".

    Parameters
    ----------
    text : str
    first : str
        The first month that there is.
    publisher : str
        For messages.

    Raises
    ------
    argparse.ArgumentTypeError
        If it is neither, runs backwards, or there are no such months.
    """
    ends = text.split("..")
    if len(ends) > 2 or not all(re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", end) for end in ends):
        raise argparse.ArgumentTypeError(f"{text!r} is no month such as 2009-01 and no span such as 2009-01..2009-04")
    if ends[-1] < ends[0]:
        raise argparse.ArgumentTypeError(f"{text!r} runs backwards: write {ends[1]}..{ends[0]}")
    if ends[-1] > f"{datetime.date.today():%Y-%m}":
        raise argparse.ArgumentTypeError(f"{ends[-1]} is not over: {publisher} publishes a month some two months later")
    if ends[0] < first:
        raise argparse.ArgumentTypeError(f"{ends[0]} does not exist: the months of {publisher} begin with {first}")
    low, high = (int(end[:4]) * 12 + int(end[5:]) - 1 for end in (ends[0], ends[-1]))
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(low, high + 1)]


def size(text: str) -> int:
    """Bytes of a size such as "20GB"; argparse.ArgumentTypeError if it is none."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?) ?([MGT]B)", text, re.IGNORECASE)
    if not match or float(match[1]) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no size: write it as 500MB, 20GB or 1TB")
    return int(float(match[1]) * {"MB": 1e6, "GB": 1e9, "TB": 1e12}[match[2].upper()])


def positive(text: str) -> int:
    """A whole number from 1 on; argparse.ArgumentTypeError if it is none."""
    number = natural(text)
    if number == 0:
        raise argparse.ArgumentTypeError("0 is too few: give at least 1")
    return number


def natural(text: str) -> int:
    """A whole number from 0 on, such as "2_000_000"; argparse.ArgumentTypeError if it is none."""
    if not re.fullmatch(r"[0-9][0-9_]*", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0 on")
    return int(text)
