"""The decision guide: what it computes, and that every rule can be reached."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from helpers.planning import advice

LAPTOP = advice.Case(
    rows=1e6, columns=17, memory_bytes=16e9, cores=8, family="linear", code="pandas", rows_per_second=1e6,
    deadline_hours=8,
)  # fmt: skip
# What the words of a condition mean, said once more and apart from the rules.
WORDS = {
    "in memory": lambda case: case.need_bytes <= 0.75 * case.memory_bytes and case.hours <= case.deadline_hours,
    "not in memory": lambda case: not WORDS["in memory"](case),
    "alone": lambda case: case.hours <= case.deadline_hours,
    "code is spark": lambda case: case.code == "spark",
    "more columns than rows": lambda case: case.columns > case.rows,
    "else": lambda case: True,
}
WORDS |= {family: lambda case, family=family: case.family == family for family in advice.FAMILIES}
CASES = [
    replace(LAPTOP, rows=rows, family=family, code=code, columns=columns, rows_per_second=speed)
    for rows, family, code, columns, speed in itertools.product(
        (50, 1e6, 1e9, 1e13), advice.FAMILIES, advice.CODES, (10, 1_000), (1, 1e6)
    )
]


def given(rows, **changes):
    return advice.advise(replace(LAPTOP, rows=rows, **changes))


def test_rows_decide_where():
    assert given(2e6)["machines"].advice == "one machine, in memory"
    assert given(1e9)["machines"].advice == "one machine, out of core"
    assert given(1e12)["machines"].advice == "5 machines"


def test_what_fits_the_memory_and_misses_the_deadline_is_no_case_for_one_machine():
    slow = {"columns": 17, "memory_bytes": 64e9, "rows_per_second": 1e2, "deadline_hours": 1}
    found = given(1e8, **slow)
    assert found["machines"].advice == "35 machines" and found["library"].advice == "Dask around partial_fit"


def test_a_case_is_what_it_says():
    case = replace(LAPTOP, rows=1e9, family="trees")
    assert case.need_bytes == 3 * 1e9 * 17 * 4 and case.usable_bytes == 12e9
    assert case.hours == pytest.approx(1e9 / 8e6 / 3600)


def test_existing_spark_is_kept_only_beyond_memory():
    assert given(1e9, code="spark")["library"].advice == "Spark"
    assert given(1e6, code="spark")["library"].advice == "scikit-learn"


def test_more_columns_than_rows_want_a_penalty():
    assert "penalised" in given(100, columns=10_000)["model"].advice


def test_every_case_gets_advice_and_every_rule_is_reached():
    reached = set()
    for case in CASES:
        found = advice.advise(case)
        assert set(found) == {"machines", "library", "model"}
        reached |= {(rule.group, rule.condition) for rule in found.values()}
    assert reached == {(rule.group, rule.condition) for rule in advice.RULES}


@pytest.mark.parametrize("rule", advice.RULES, ids=lambda rule: f"{rule.group}: {rule.condition}")
def test_the_words_of_a_rule_say_what_it_does(rule, monkeypatch):
    monkeypatch.setattr(advice, "RULES", [rule])
    for case in CASES:
        holds = bool(advice.advise(case))
        assert holds == all(WORDS[word](case) for word in rule.condition.split(", ")), case


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"family": "forest"}, "family is 'forest': choose one of linear"),
        ({"code": "Spark"}, "code is 'Spark': choose one of none, pandas, spark"),
        ({"cores": 0}, "cores is 0"),
        ({"rows": -1}, "rows is -1"),
        ({"deadline_hours": float("nan")}, "deadline_hours is nan"),
        ({"memory_bytes": float("inf")}, "memory_bytes is inf"),
    ],
)
def test_nonsense_is_refused_by_name(change, said):
    with pytest.raises(ValueError, match=said):
        replace(LAPTOP, **change)
