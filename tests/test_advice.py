"""The decision guide: what it computes, and that every rule can be reached."""

from __future__ import annotations

import itertools

import pytest

from helpers.planning import advice

LAPTOP = {"columns": 17, "memory_gb": 16, "cores": 8, "code": "pandas", "rows_per_second": 1e6, "deadline": 8}


def given(rows, family="linear", **changes):
    return advice.advise(advice.facts(**{**LAPTOP, "rows": rows, "family": family} | changes))


def test_rows_decide_where():
    assert given(2e6)["machines"].advice == "one machine, in memory"
    assert given(1e9)["machines"].advice == "one machine, out of core"
    assert given(1e12)["machines"].advice == "5 machines"


def test_facts_are_what_they_say():
    case = advice.facts(**LAPTOP, rows=1e9, family="trees", passes=4)
    assert case["need"] == 3 * 1e9 * 17 * 4 and case["memory"] == 12e9
    assert case["hours"] == pytest.approx(1e9 * 4 / 8e6 / 3600)
    edge = advice.facts(**LAPTOP, rows=case["most_rows"], family="trees", passes=4)
    assert (
        edge["alone"] and not advice.facts(**LAPTOP, rows=1.01 * case["most_rows"], family="trees", passes=4)["alone"]
    )


def test_existing_spark_is_kept_only_beyond_memory():
    assert given(1e9, code="spark")["library"].advice == "Spark"
    assert given(1e6, code="spark")["library"].advice == "scikit-learn"


def test_more_columns_than_rows_want_a_penalty():
    assert "penalised" in given(100, columns=10_000)["model"].advice


def test_every_case_gets_advice_and_every_rule_is_reached():
    reached = set()
    cases = itertools.product((50, 1e6, 1e9, 1e13), advice.FAMILIES, ("pandas", "spark"), (10, 1_000))
    for rows, family, code, columns in cases:
        found = given(rows, family, code=code, columns=columns)
        assert set(found) == {"machines", "library", "model"}
        reached |= {(rule.group, rule.condition) for rule in found.values()}
    assert reached == {(rule.group, rule.condition) for rule in advice.RULES}


@pytest.mark.parametrize("change", [{"family": "forest"}, {"cores": 0}, {"rows": -1}])
def test_nonsense_is_refused(change):
    with pytest.raises(ValueError, match=r"choose one of|positive"):
        advice.facts(**{**LAPTOP, "rows": 1e6, "family": "linear"} | change)
