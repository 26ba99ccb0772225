"""Months on a command line, one or a span of them, for the scripts that get trips and flights."""

from __future__ import annotations

import argparse
import re


def span(text: str) -> list[str]:
    """All months of a span, or the one: "2009-11..2010-02" or "2009-11".

    Raises
    ------
    argparse.ArgumentTypeError
        If it is neither, or runs backwards.
    """
    ends = text.split("..")
    if len(ends) > 2 or not all(re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", end) for end in ends):
        raise argparse.ArgumentTypeError(f"{text!r} is no month such as 2009-01 and no span such as 2009-01..2009-04")
    first, last = (int(end[:4]) * 12 + int(end[5:]) - 1 for end in (ends[0], ends[-1]))
    if last < first:
        raise argparse.ArgumentTypeError(f"{text!r} runs backwards: write {ends[1]}..{ends[0]}")
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(first, last + 1)]
