"""What the page of many rows says, and what stderr says before anybody waits."""

import json
from dataclasses import asdict
from typing import Any

import numpy as np
import pymc as pm
import pytest
import xarray as xr

from analyses import _effort
from models.linear_regression import gaussian
from reports.blocks.part import averaged, expected, follows, looked_at, ordinal
from reports.regression import tail_tables
from tests.workflow.sampling.test_part import OUTCOME, TERMS
from tests.workflow.scoring.test_elpd import elpd
from workflow.checking.status import Check, Diagnosis, Status
from workflow.sampling.effort import MANY, Effort, effort, swept
from workflow.sampling.part import Part
from workflow.scoring.elpd import Looked


def tree(**changes: Any) -> xr.DataTree:
    found = {"rows": 10_000, "of_rows": 1_000_000, "every": 4, "every_prior": 4, "run": 1}
    part = Part(**{**found, "seed": 1, **changes})
    return xr.DataTree(xr.Dataset(attrs={"part": json.dumps(asdict(part))}))


def test_nothing_is_said_where_nothing_is_left_out() -> None:
    assert looked_at(xr.DataTree()) == []
    assert looked_at(xr.DataTree(), prior=True) == []
    assert looked_at(tree(rows=3000, of_rows=3000, every=1, every_prior=2)) == []
    assert averaged(1_000_000, 1) == []


def test_rows_and_draws_that_are_left_out_are_told() -> None:
    (said,) = looked_at(tree())
    assert "uses 10,000 of the 1,000,000 rows, drawn at random and every 4th posterior draw" in said
    assert "fit itself, and the power-scaling below, use all rows and all draws" in said
    (said,) = looked_at(tree(run=100), prior=True)
    assert "rows, drawn at random in runs of 100 neighbours and every 4th prior draw" in said
    assert "of the same rows" in said
    assert "fit itself" not in said
    (said,) = looked_at(tree(rows=4000, of_rows=4000, every=2))
    assert "uses every 2nd posterior draw, so that" in said
    (said,) = averaged(1_000_000, 3)
    assert "all 1,000,000 are averaged over every 3rd posterior draw" in said
    assert [ordinal(n) for n in (1, 11, 12, 13, 21, 22, 112)] == [
        *("1st", "11th", "12th", "13th", "21st", "22nd", "112th")
    ]


def test_leave_one_out_says_how_many_rows_it_looked_at() -> None:
    found = elpd(np.array([-1.0, -2.0]), Looked(np.array([0, 7]), np.full(5000, -1.5)))
    said = tail_tables._how_found("Student-t", found)
    assert "These are 2 of 5,000 rows, drawn at random." in said
    assert "drawn" not in tail_tables._how_found("Student-t", elpd(np.array([-1.0, -2.0]), None))


def test_what_did_not_pass_is_named_as_soon_as_there_are_draws() -> None:
    """Minutes before the page, which may be waited for or not: a status alone leads nowhere."""
    agree = Check.of("R-hat", 1.0023, "a", "<= 1.01", Status.PASS, "Run longer.")
    mixed = Check.of("R-hat", 1.0123, "b[3]", "<= 1.01", Status.WARN, "Run longer.")
    few = Check.of("bulk ESS", 60.0, "b[3]", ">= 400", Status.FAIL, "Draw more.")
    said = follows("a_case", "rises", Diagnosis((agree,)), 20.0)
    so_far = "a_case: so far, before prior and fit are checked: rises"
    assert said == f"{so_far}, PASS; the page follows in about 20 s"
    said = follows("a_case", "rises", Diagnosis((agree, mixed)), 200.0)
    why = "R-hat 1.012 in b[3] (needed: <= 1.01)"
    assert said == f"{so_far}, WARN, since {why}; the page follows in about 3 minutes"
    said = follows("a_case", None, Diagnosis((mixed, few)), 200.0)
    why = f"bulk ESS 60 in b[3] (needed: >= 400); {why}"
    assert said.startswith(f"a_case: so far: no answer, since {why}, FAIL; the page follows in ")


def test_effort_is_counted_in_gradients() -> None:
    """Two chains at once: 4 chains of 2000 draws of 8 gradients of 1/80 s take 400 s."""
    found = effort(1 / 80, fits=1, draws=2000, chains=4, points=10, each=1000)
    assert found.nuts == pytest.approx(400 / 60)
    assert found.sweep == pytest.approx(2000 / 60)
    assert found.advi == pytest.approx(90_000 / 80 / 60)
    assert found.minutes == pytest.approx(40)
    alone = effort(1 / 80, fits=2, draws=2000, chains=1, points=10, each=1000)
    assert alone.nuts == pytest.approx(2 * 200 / 60)
    said = expected("x", 10**6, Effort(nuts=1, sweep=30, advi=300))
    assert (
        "1,000,000 rows: expect about 5 hours (NUTS a minute, other priors at most 30 minutes"
        in said
    )


class Said(list[str]):
    """A report, as far as lines on stderr go."""

    case = "x"

    @property
    def steps(self) -> "Said":
        """Itself."""
        return self

    def say(self, text: str) -> None:
        """Keep a line."""
        self.append(text)


def test_fewer_draws_where_numbers_times_priors_are_many() -> None:
    """The shipped data are below: the largest, 442 rows of 10 terms, have 15 priors."""
    assert [swept(n, 15) for n in (4420, 6666, 10_000, 20_000)] == [500, 500, 333, 200]
    assert swept(10**9, 25) == 200
    assert swept(0, 0) == 500


def test_many_rows_are_announced_and_few_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_effort, "gradient_seconds", lambda compiled, data: 0.05)
    options: dict[str, Any] = {"draws": 1000, "tune": 1000, "chains": 4}
    model, few, many = gaussian(TERMS, OUTCOME), Said(), Said()
    _effort.tell(few, None, model, {"a": [1, 2]}, **options)  # type: ignore[arg-type]
    rows = MANY // 2
    with model:
        shape = (rows, 2)
        pm.set_data(
            {"terms": np.zeros(shape), "y_data": np.zeros(rows)}, coords={"row": range(rows)}
        )
    _effort.tell(many, None, model, {"a": [1, 2]}, **options)  # type: ignore[arg-type]
    assert not few
    assert len(many) == 1
    assert "25,000 rows: expect about 75 minutes" in many[0]
