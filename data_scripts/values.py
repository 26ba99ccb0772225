"""Values of any type become numbers and times, and those that cannot be read are counted: one rule for all data.

What is missing stays missing. What is there and cannot be read becomes missing and is counted; a file with more than
three such values in a thousand of a column is refused.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data_scripts import files, times

LIMIT = 0.003
MISSING = pa.array(["", "na", "n/a", "nan", "nat", "none", "null"])
TIME = pa.timestamp("us")


class Values:
    """Convert the columns of one file, batch by batch, and count what could not be read.

    Parameters
    ----------
    path : Path
        For messages.
    month : str, optional
        Such as "2009-06", where all times belong to one: it tells 5/6/2009 from 6/5/2009.
    utc_is_local : bool
        Whether a "UTC" behind a time is a false label on New York's wall time, as Kaggle writes it.
    """

    def __init__(self, path: Path, *, month: str | None = None, utc_is_local: bool = False) -> None:
        self.path, self.month, self.utc_is_local = path, month, utc_is_local
        self.rows, self.there, self.lost = Counter(), Counter(), Counter()
        self.first: dict[str, str] = {}  # by column: its first value that could not be read, and where it stands
        self.left_out = 0  # rows of another month, counted by the reader
        self._day_first: bool | None = None

    def numbers(self, name: str, column: pa.Array, *, low: float = -np.inf, high: float = np.inf) -> np.ndarray:
        """Numbers as float64, NaN where there is none; one outside of `low` to `high` counts as not readable.

        Raises
        ------
        ValueError
            If the column holds something else, such as lists.
        """
        plain = _plain(column)
        if pa.types.is_string(plain.type):
            there = _is_there(plain)
            numbers = _parsed(plain)
        elif pa.types.is_floating(plain.type) or pa.types.is_integer(plain.type) or pa.types.is_decimal(plain.type):
            numbers = plain.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
            there = ~np.isnan(numbers)
        elif pa.types.is_null(plain.type):
            there, numbers = np.zeros(len(plain), bool), np.full(len(plain), np.nan)
        else:
            raise self._another_kind(name, column, "numbers")
        readable = (numbers >= low) & (numbers <= high)
        self._count(name, column, there, there & ~readable)
        return np.where(readable, numbers, np.nan)

    def times(self, name: str, column: pa.Array) -> pa.Array:
        """Times of any kind as New York's wall time, timestamp[us]; null where there is none.

        Raises
        ------
        ValueError
            If the column holds something else, or days that could be months.
        """
        plain = _plain(column)
        if pa.types.is_timestamp(plain.type):
            if plain.type.tz:
                local = times.local(plain.to_pandas(), utc_is_local=self.utc_is_local)
                plain = pa.array(local, TIME, from_pandas=True)
            read, there = plain.cast(TIME, safe=False), ~_is_null(plain)
        elif pa.types.is_date(plain.type) or pa.types.is_null(plain.type):
            read, there = plain.cast(TIME), ~_is_null(plain)
        elif pa.types.is_string(plain.type):
            read, there = self._of_text(name, plain), _is_there(plain)
        else:
            raise self._another_kind(name, column, "times")
        self._count(name, column, there, there & _is_null(read))
        return read

    def check(self) -> None:
        """Refuse the file if too much of a column could not be read; called when all of it has been.

        Raises
        ------
        ValueError
        """
        for name, lost in self.lost.items():
            if lost > LIMIT * self.there[name]:
                raise ValueError(
                    f"{self.path}: {lost:,} of {self.there[name]:,} values of the column {name} cannot be read, the "
                    f"first is {self.first[name]}: repair it, or check where the file comes from"
                )

    def notes(self) -> dict[str, str]:
        """What a reader of the converted file should know, for its metadata."""
        lost = ", ".join(f"{number:,} of {name}" for name, number in self.lost.items() if number)
        return {"left_out": str(self.left_out), "unread": lost}

    def _count(self, name: str, column: pa.Array, there: np.ndarray, lost: np.ndarray) -> None:
        if lost.any() and name not in self.first:
            place = int(lost.argmax())
            value = files.printable(str(column[place].as_py()))[:60]
            self.first[name] = f"{value!r} in row {self.rows[name] + place + 1:,}"
        self.rows[name] += len(column)
        self.there[name] += int(there.sum())
        self.lost[name] += int(lost.sum())

    def _another_kind(self, name: str, column: pa.Array, wanted: str) -> ValueError:
        return ValueError(
            f"{self.path}: the column {name} holds {column.type}, where {wanted} are wanted: check where it comes from"
        )

    def _of_text(self, name: str, column: pa.StringArray) -> pa.Array:
        quick = times.plain_iso(column, utc_is_local=self.utc_is_local)
        if quick is not None:
            return quick
        texts = pd.Series(column.to_pylist(), dtype="str")
        if self._day_first is None and times.has_slashes(texts).any():
            self._day_first = times.day_first(texts, self.month)
            if self._day_first is None:
                row = int(times.has_slashes(texts).argmax())
                raise ValueError(
                    f"{self.path}: the column {name} writes {texts[row]!r} in row {self.rows[name] + row + 1:,}, where "
                    "the month could be the day: write times as 2009-06-15 17:26:21"
                )
        return pa.array(times.read(texts, self._day_first, utc_is_local=self.utc_is_local), TIME, from_pandas=True)


def _plain(column: pa.Array) -> pa.Array:
    """The same values without a dictionary, texts as string and without spaces around them."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    if pa.types.is_large_string(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        column = column.cast(pa.string())
    elif str(kind) in ("string_view", "binary_view"):
        column = column.cast(pa.string())
    return pc.utf8_trim_whitespace(column) if pa.types.is_string(column.type) else column


def _is_null(column: pa.Array) -> np.ndarray:
    return column.is_null().to_numpy(zero_copy_only=False)


def _is_there(text: pa.StringArray) -> np.ndarray:
    missing = pc.is_in(pc.utf8_lower(text), MISSING).to_numpy(zero_copy_only=False)
    return ~_is_null(text) & ~missing.astype(bool)


def _parsed(text: pa.StringArray) -> np.ndarray:
    try:
        return text.cast(pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:  # at least one is no number
        return pd.to_numeric(pd.Series(text.to_pylist(), dtype="object"), errors="coerce").to_numpy(
            "f8", na_value=np.nan
        )
