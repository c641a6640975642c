"""Proof 1, the gates fire: every broken analysis of the gallery is flagged, its sound twin is not.

The examples are those of the page (`python -m tests.gates`); a new one is tested by being there.
"""

import functools
import math

import numpy as np
import pandas as pd
import pytest

from tests.brought._brought import BROUGHT, faults
from tests.conftest import SEED
from tests.gates import alarms, tally
from tests.gates.alarms import Rate, Retried, Unseen
from tests.gates.gallery import Example, Pair, gallery, seen
from tests.gates.page import SENT_ON, _unseen, caught
from tests.gates.watched import Sheet, warned
from workflow.checking.diagnostics import Diagnosis
from workflow.checking.status import Status
from workflow.variational.compare import Comparison
from workflow.variational.verdict import DO_NOT

FEW = 50  # sound fits, where there are not 200
EXAMPLES = gallery()
every_example = pytest.mark.parametrize("one", EXAMPLES, ids=lambda one: one.name)


@functools.cache
def made(one: Example) -> Pair:
    """Make the two analyses of an example once."""
    return one.function(SEED)


@every_example
def test_broken_is_flagged_by_the_check_meant_for_it(one: Example) -> None:
    pair = made(one)
    row = seen(pair.broken, one.check)
    assert not row.passed
    assert one.advice in row.advice
    assert caught(one, pair)
    if isinstance(pair.broken, Comparison):
        assert pair.broken.verdict == DO_NOT


@every_example
def test_sound_twin_passes_the_same_check_and_every_other(one: Example) -> None:
    pair = made(one)
    row = seen(pair.sound, one.check)
    assert row.passed
    assert row.advice == ""
    assert row.overall in set(SENT_ON)


def test_page_says_nothing_of_runs_that_there_were_not() -> None:
    found = _unseen(
        Unseen(10, 3, 0, 0, math.nan, 6.0), Retried(9, 0, 0, math.nan, math.nan, math.nan, 1.5)
    )
    said = " ".join(map(str, found.blocks))
    assert "nan" not in said
    assert "none of these passed every check. Of the 7 runs" in said
    assert "none passed at once and none after a retry. 9 did not pass." in said
    other = _unseen(Unseen(10, 3, 2, 0, 1.01, 6.0), Retried(9, 0, 4, 1.1, 1.2, 1.4, 1.5))
    said = " ".join(map(str, other.blocks))
    assert "2 of these passed every check: half the posterior was missing" in said
    assert "off by 1.10 Monte Carlo errors" in said


def test_every_check_of_the_gate_fires_somewhere() -> None:
    found = [pair.broken for pair in map(made, EXAMPLES) if isinstance(pair.broken, Diagnosis)]
    fired = {c.check for d in found for c in d.checks if c.status is not Status.PASS}
    assert fired == {c.check for c in found[0].checks}


def test_bulk_passes_where_the_tails_do_not() -> None:
    (one,) = [one for one in EXAMPLES if one.name == "poor_tails"]
    broken = made(one).broken
    assert isinstance(broken, Diagnosis)
    assert broken["bulk ESS"].status is Status.PASS


def test_the_texts_of_the_page_are_there() -> None:
    for one in EXAMPLES:
        assert all(one.said), one.name
        assert one.advice


@pytest.mark.parametrize("trials", [FEW, pytest.param(200, marks=pytest.mark.validate)])
@pytest.mark.parametrize("rates", [alarms.of_the_sampler, alarms.of_the_predictive_checks])
def test_sound_fits_are_left_alone(rates: alarms.Rates, trials: int) -> None:
    """No more alarms than the nominal rate explains: probability .001 for each.

    The few see a gate that stops three sound fits in ten, with a probability of .98.
    """
    for rate in rates(SEED, trials):
        print(f"{rate.what}: {rate.alarms} of {rate.trials}, 95% interval {rate.interval}")
        assert rate.trials == trials
        assert not rate.too_many


@pytest.mark.validate
@pytest.mark.parametrize("case", BROUGHT)
def test_sound_pages_are_left_alone(case: str) -> None:
    """At most 5% of a case's sound pages have any warning that something is wrong."""
    first, *others = tally.of_sound_pages(case, SEED, FEW)
    print(f"{case}: {[(rate.what, rate.alarms) for rate in (first, *others)]}")
    assert first.what == tally.ANY
    assert not first.too_many


@pytest.mark.validate
def test_a_fault_is_warned_of_by_the_warning_meant_for_it() -> None:
    for one in tally.of_faults(SEED, 5):
        assert one.given == one.pages, one


def test_a_warning_is_heard_on_a_whole_page() -> None:
    """Of the arms that lost visitors, and of arms that did not."""
    lost, *_ = faults()
    rng = np.random.default_rng(SEED)
    sheet = lost.make(rng)
    assert lost.warning in warned(lost.case, sheet)
    counts = {"arm": ["control", "red"], "visitors": 20_000, "conversions": [2000, 2400]}
    assert warned(lost.case, Sheet(pd.DataFrame(counts), sheet.settings)) == set()


@pytest.mark.parametrize(("found", "too_many"), [(0, False), (10, False), (20, False), (25, True)])
def test_a_gate_that_is_too_eager_is_seen(found: int, too_many: bool) -> None:
    """Of 200 at a nominal 5%, 10 are expected and more than 21 have a probability below .001."""
    rate = Rate("x", found, 200, 0.05)
    low, high = rate.interval
    assert low <= found / 200 <= high
    assert rate.too_many is too_many
