"""Times as people write them, with and without a zone, as New York's wall time: of year-month-day or with slashes."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

HOME = "America/New_York"
ISO = r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?"
OFFSET = r"(?:UTC|Z|[+-]\d\d:?\d\d)"
ZERO_OFFSET = r" ?(?:UTC|Z|[+-]00:?00)$"
SLASHES = r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}:\d\d)(:\d\d)?(?: ?([AaPp][Mm]))?"


def local(times: pd.Series, *, utc_is_local: bool) -> pd.Series:
    """New York's wall time of times that have a zone; `utc_is_local`: a label "UTC" is false, and goes."""
    is_utc = str(times.dt.tz).upper() in ("UTC", "ETC/UTC", "UTC+00:00")
    return (times if is_utc and utc_is_local else times.dt.tz_convert(HOME)).dt.tz_localize(None)


def plain_iso(column: pa.StringArray, *, utc_is_local: bool) -> pa.Array | None:
    """Times that are all written like 2009-06-15 17:26:21, the quick way; None if at least one is not."""
    ends = set(pc.unique(pc.utf8_slice_codeunits(column, 19)).to_pylist())
    if not ends <= ({None, ""} | ({" UTC"} if utc_is_local else set())):
        return None
    try:
        return pc.utf8_slice_codeunits(column, 0, 19).cast(pa.timestamp("us"))
    except pa.ArrowInvalid:
        return None


def read(texts: pd.Series, day_first: bool | None, *, utc_is_local: bool) -> pd.Series:
    """Times as they are written, NaT for what is no time.

    Parameters
    ----------
    texts : Series of str
        Such as 2009-06-15 17:26:21, the same with a zone or an offset, or 6/15/2009 5:26:21 PM.
    day_first : bool or None
        Whether 5/6/2009 is the fifth of June; None where no text has slashes.
    utc_is_local : bool
        Whether "UTC" behind a time is a false label on New York's wall time.

    Returns
    -------
    Series of datetime64[us]
        New York's wall time.
    """
    if utc_is_local:
        texts = texts.str.replace(ZERO_OFFSET, "", regex=True)
    times = pd.Series(pd.NaT, index=texts.index, dtype="datetime64[us]")
    plain, zoned = _matches(texts, ISO), _matches(texts, f"{ISO} ?{OFFSET}")
    times[plain] = _parsed(texts[plain])
    times[zoned] = local(_parsed(texts[zoned], utc=True), utc_is_local=False)
    slashes = has_slashes(texts)
    times[slashes] = _of_slashes(texts[slashes], day_first)
    return times


def has_slashes(texts: pd.Series) -> pd.Series:
    """Which texts are times such as 6/15/2009 5:26:21 PM."""
    return _matches(texts, SLASHES)


def day_first(texts: pd.Series, month: str | None) -> bool | None:
    """Whether the day stands before the month: the way in which more texts are times (of the month); None on a tie."""
    texts = texts[has_slashes(texts)]
    hits = []
    for order in (False, True):
        times = _of_slashes(texts, order).dropna()
        hits.append(int((times.dt.strftime("%Y-%m") == month).sum()) if month else len(times))
    return None if hits[0] == hits[1] else hits[1] > hits[0]


def _of_slashes(texts: pd.Series, day_first: bool | None) -> pd.Series:
    parts = texts.str.extract(SLASHES)
    month, day = (parts[1], parts[0]) if day_first else (parts[0], parts[1])
    clock = parts[2] + "-" + month + "-" + day + " " + parts[3] + parts[4].fillna(":00")
    half = parts[5].notna()
    times = pd.Series(pd.NaT, index=texts.index, dtype="datetime64[us]")
    times[half] = _parsed(clock[half] + " " + parts[5][half].str.upper(), "%Y-%m-%d %I:%M:%S %p")
    times[~half] = _parsed(clock[~half], "%Y-%m-%d %H:%M:%S")
    return times


def _matches(texts: pd.Series, pattern: str) -> pd.Series:
    return texts.str.fullmatch(pattern).fillna(False).astype(bool)


def _parsed(texts: pd.Series, form: str = "ISO8601", *, utc: bool = False) -> pd.Series:
    return pd.to_datetime(texts, format=form, utc=utc, errors="coerce")
