"""The page of calibration claims what its numbers show, also where they are bad."""

import numpy as np
import pytest

from reports.blocks.blocks import Table
from reports.page.proof import origin
from tests.calibration.coverage import AdviStudy, Coverage, by_ranks
from tests.calibration.page import proof
from tests.calibration.study import Study, power
from workflow.calibrating.sbc import LOG_LIKELIHOOD, RANKED, Replicate
from workflow.checking.diagnostics import Status

CASE = "prior_sensitivity"


def study(variant: str, *, a: float = 1, n: int = 300, failed: int = 0) -> Study:
    """Return a study whose ranks have a Beta(a, 1) distribution; uniform for 1."""
    rng = np.random.default_rng([n, len(variant)])
    ranks = (101 * rng.beta(a, 1, size=(n, 2))).astype(int)
    return Study(
        CASE,
        variant,
        tuple(
            Replicate(
                {"theta": int(one), "odds": int(one), LOG_LIKELIHOOD: int(other)},
                Status.FAIL if i < failed else Status.PASS,
                0,
                400.0,
                1,
            )
            for i, (one, other) in enumerate(ranks)
        ),
    )


@pytest.mark.parametrize(
    ("small", "mutant", "status", "first"),
    [(1, 1.6, Status.PASS, "As"), (1, 1, Status.WARN, "As"), (1.6, 1.6, Status.FAIL, "Not")],
)
def test_first_sentence_and_status_follow_the_ranks(
    small: float, mutant: float, status: Status, first: str
) -> None:
    studies = {
        (CASE, "shipped"): study("shipped"),
        (CASE, "small"): study("small", a=small, failed=7),
        (CASE, "wide_prior"): study("wide_prior", a=mutant),
    }
    found = proof(studies, [], origin("x", seed=1, seconds={}))
    assert found.status is status
    assert found.answer.startswith(first)
    assert (f"{CASE} on small" in found.answer) == (status is Status.FAIL)
    seen = 0 if status is Status.WARN else 1
    assert f"{seen} of 1 wrong models are found out" in found.answer
    table = found.sections[1].blocks[0]
    assert isinstance(table, Table)
    assert [row[4] for row in table.rows] == ["0, 0", "7, 0"]  # failed fits are counted
    assert [row[3] for row in table.rows] == ["2", "2"]  # odds have the ranks of theta


def test_power_is_how_often_a_part_rejects() -> None:
    assert power(study("small"), subsets=50) <= 0.2
    assert power(study("wide_prior", a=2.5), subsets=50) == 1


def test_coverage_by_ranks_counts_the_central_95_of_101() -> None:
    each = tuple(
        Replicate({"x": r, LOG_LIKELIHOOD: RANKED - r}, Status.PASS, 0, 1.0, 1)
        for r in range(RANKED + 1)
    )
    assert by_ranks(Study(CASE, "small", each), 101) == {"x": Coverage(95, 101)}


def test_page_says_where_advi_covers_too_little() -> None:
    studies = {(CASE, "small"): study("small"), (CASE, "shipped"): study("shipped")}
    one = AdviStudy(CASE, {"theta": Coverage(160, 200)}, 200, 190)
    found = proof(studies, [one], origin("x", seed=1, seconds={}))
    assert found.status is Status.WARN
    assert "no wrong model was tried" in found.meaning
    table = found.sections[3].blocks[1]
    assert isinstance(table, Table)
    (name, advi, _, judged), *_ = table.rows
    assert name == "theta"
    assert str(advi).startswith("80.0% (73.8 to 85.3)")  # Clopper-Pearson
    assert judged is Status.WARN
