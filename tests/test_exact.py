"""The oracles themselves: against published and tabulated numbers."""

import numpy as np
import pytest
from scipy import stats

from tests.exact import BetaBinomial, difference, expected_excess, prob_above

# Cookie Cats, Beta(1, 1): retained, mean and sd of gate_30 and of gate_40.
RATES = {
    "7-day": (8502, 0.1902152, 0.00185626, 8279, 0.1820140, 0.00180908),
    "1-day": (20034, 0.4481902, 0.00235211, 20119, 0.4422853, 0.00232857),
}
# Mean and sd of the difference 40 - 30, P(40 better), expected loss of choosing 30 and 40.
CONTRASTS = {
    "7-day": (-0.00820118, 0.00259200, 0.00077734, 5.478e-7, 0.00820173),
    "1-day": (-0.00590495, 0.00330978, 0.03720603, 4.918e-5, 0.00595413),
}


@pytest.mark.parametrize("outcome", RATES)
def test_cookie_cats(outcome: str) -> None:
    x30, m30, s30, x40, m40, s40 = RATES[outcome]
    md, sd, better, loss30, loss40 = CONTRASTS[outcome]
    gate_30, gate_40 = BetaBinomial(44700, int(x30)), BetaBinomial(45489, int(x40))
    assert [gate_30.mean, gate_40.mean] == pytest.approx([m30, m40], abs=1e-7)
    assert [gate_30.sd, gate_40.sd] == pytest.approx([s30, s40], abs=1e-8)
    assert difference(gate_40, gate_30) == pytest.approx((md, sd), abs=1e-8)
    assert prob_above(gate_40, gate_30) == pytest.approx(better, abs=1e-8)
    assert expected_excess(gate_40, gate_30)[0] == pytest.approx(loss30, rel=1e-3)
    assert expected_excess(gate_30, gate_40)[0] == pytest.approx(loss40, abs=1e-8)


def test_placenta_previa() -> None:
    """Bayesian Data Analysis, 3rd ed., section 2.4: 437 girls of 980 births."""
    posterior = BetaBinomial(980, 437).distribution
    assert posterior.mean() == pytest.approx(0.44602851, abs=1e-8)
    assert posterior.ppf([0.5, 0.025, 0.975]) == pytest.approx([0.446, 0.415, 0.477], abs=5e-4)


def test_excess_against_plain_monte_carlo() -> None:
    one, other = BetaBinomial(30, 10, 1, 4), BetaBinomial(40, 9, 1, 4)
    rng = np.random.default_rng(5)
    draws = one.distribution.rvs(10**6, random_state=rng)
    draws -= other.distribution.rvs(10**6, random_state=rng)
    mean, sd = expected_excess(one, other)
    assert abs(np.maximum(draws, 0).mean() - mean) < 4 * sd / 1000
    assert abs((draws > 0).mean() - prob_above(one, other)) < 4 * 0.5 / 1000
    assert stats.norm.sf(4) < 1e-4  # what "4 standard errors" means
