"""The expected share of wrong choices is the share that comes true, if the prior is right."""

import numpy as np
import pytest
import xarray as xr

from workflow.deciding.decision import choose
from workflow.deciding.many import expected_wrong, wrong
from workflow.quantities import Scalar
from workflow.rates.experiment import arm_scalars

TESTS, DRAWS, VISITORS, LIMIT = 150, 500, 400, 0.01


def test_the_share_comes_true_when_rates_are_of_the_prior() -> None:
    """Rates drawn from the prior, exact posteriors, the rule and the probabilities of the case."""
    rng = np.random.default_rng(20261127)
    rates = rng.beta(20, 80, (TESTS, 2))
    counts = rng.binomial(VISITORS, rates)
    chances, came = [], []
    for rate, count in zip(rates, counts, strict=True):
        draws = rng.beta(20 + count, 80 + VISITORS - count, (4, DRAWS, 2))
        posterior = xr.Dataset({"rate": (("chain", "draw", "arm"), draws)}, {"arm": ["A", "B"]})
        decision = choose(posterior["rate"], "arm", LIMIT)[0]
        chance = wrong(decision, _scalars(posterior))
        if chance is not None:
            chances.append(chance)
            came.append(("choose A", "choose B")[int(np.argmax(rate))] != decision)
    found = expected_wrong(chances)
    assert found is not None
    p = np.array([one.value for one in chances])
    assert len(p) > TESTS / 2
    assert 0.02 < found.value < 0.4  # else nothing is shown
    error = np.sqrt((p * (1 - p)).sum()) / len(p)
    assert abs(np.mean(came) - found.value) < 4 * error + 4 * found.mcse


def _scalars(posterior: xr.Dataset) -> dict[str, Scalar]:
    other = posterior["rate"].sel(arm="B") - posterior["rate"].sel(arm="A")
    return arm_scalars(posterior.assign(difference=other), rope=0.001, margin=0.01)


@pytest.mark.parametrize("decision", [None, "not decided yet", "choose C", "refer"])
def test_what_is_no_choice_or_has_no_probability_is_not_judged(decision: str | None) -> None:
    assert wrong(decision, {"prob_best[A]": Scalar(0.9, 0.01)}) is None


def test_the_chance_is_that_of_the_option_that_was_chosen() -> None:
    scalars = {"prob_best[A]": Scalar(0.25, 0.01), "prob_best[B]": Scalar(0.75, 0.02)}
    assert wrong("choose B", scalars) == Scalar(0.25, 0.02)


def test_the_error_of_the_mean_is_the_largest_that_it_can_be() -> None:
    """Errors that go together, as of fits of one seed, do not cancel."""
    found = expected_wrong([Scalar(0.1, 0.01), Scalar(0.3, 0.03)])
    assert found is not None
    assert (found.value, found.mcse) == pytest.approx((0.2, 0.02))
    assert expected_wrong([]) is None
