"""What to do about one patient, by hand; and new patients, by the same rule."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from data.diagnosis import NAMES
from models.diagnosis import DISEASES, states, tables
from tests.cases.diagnosis import ROWS, TRUTH
from tests.conftest import SEED
from workflow.networks.asked import TREAT, WAIT, Asked, Costs
from workflow.networks.exact import prob
from workflow.networks.findings import predict
from workflow.networks.network import Network

NETWORK = Network.of(states(), tables())
SURE = np.array(list(TRUTH.values()))
SEEN = {"dyspnoea": 1, "visit": 1}
COSTS = Costs(10.0, 1.0, {"xray": 0.1, "smoking": 0.01, "visit": 0.01, "dyspnoea": 0.01})


def asked(**changed: object) -> Asked:
    given = {"seen": SEEN, "disease": "tuberculosis", "costs": COSTS} | changed
    return Asked(NETWORK, given["seen"], given["disease"], DISEASES, given["costs"])  # type: ignore[arg-type]


def posterior(spread: float, draws: int = 1000) -> xr.Dataset:
    """Draws around the tables of the book, by so many patients a row; none: the tables."""
    shape = (4, draws, len(ROWS))
    if not spread:
        table = np.broadcast_to(SURE, shape)
    else:
        rng = np.random.default_rng(SEED)
        table = rng.beta(SURE / spread, (1 - SURE) / spread, shape)
    return xr.Dataset({"table": (("chain", "draw", "row"), table)}, coords={"row": ROWS})


def test_costs_by_hand() -> None:
    """From printed probabilities: tuberculosis .08775, X-ray .21954, and .39171 with it."""
    found = asked().expected_costs(NETWORK.probabilities(SURE))
    assert found[TREAT] == pytest.approx(1 - 0.08775, abs=1e-5)
    assert found[WAIT] == pytest.approx(10 * 0.08775, abs=1e-4)
    missed = 0.08775 - 0.21954 * 0.39171  # tuberculosis, and nothing on the X-ray: one waits
    by_hand = 0.21954 * (1 - 0.39171) + 10 * missed + 0.1
    assert found["xray first"] == pytest.approx(by_hand, abs=2e-4)
    assert [*found] == [TREAT, WAIT, "xray first", "smoking first"]


def test_a_finding_is_never_worth_less_than_nothing_and_costs_what_it_costs() -> None:
    """For random tables, patients and costs: the expected value of sample information."""
    rng = np.random.default_rng(SEED)
    for _ in range(50):
        p = NETWORK.probabilities(rng.uniform(0.02, 0.98, len(ROWS)))
        seen = {name: int(rng.integers(2)) for name in ("xray", "visit") if rng.random() < 0.5}
        miss, alarm = rng.uniform(0.1, 10, 2)
        costs = Costs(miss, alarm, COSTS.findings)
        one = asked(seen=seen, costs=costs)
        found = one.expected_costs(p)
        now = min(found[TREAT], found[WAIT])
        for name in one.tests:
            assert found[f"{name} first"] - costs.findings[name] <= now + 1e-12


def test_what_is_decided_and_what_follows() -> None:
    """A dear X-ray is left out; then .08775 is below 1/11, and above 1/13."""
    sure = posterior(0, 50)
    assert asked().decide(sure) == ("xray first",)
    dear = {"xray": 5.0, "smoking": 5.0}
    assert asked(costs=Costs(10, 1, dear)).decide(sure) == (WAIT,)
    assert asked(costs=Costs(12, 1, dear)).decide(sure) == (TREAT,)
    one = asked().outcomes(sure)["xray"]
    assert (one.then_with, one.then_without) == (TREAT, WAIT)
    assert one.ill_with.value == pytest.approx(0.39171, abs=1e-5)
    assert one.chance.value == pytest.approx(0.21954, abs=1e-5)
    value = asked().measure(sure)["value[xray]"].value
    gain = asked().expected_costs(NETWORK.probabilities(SURE))
    assert value == pytest.approx(gain[WAIT] - gain["xray first"] + 0.1)


def test_a_finding_after_which_one_does_the_same_is_worth_nothing() -> None:
    """To wait costs so much that one treats whatever else is seen: 0, and not what is rounded."""
    grave = Costs(1e4, 1, COSTS.findings)
    found = asked(costs=grave).measure(posterior(0.01))
    assert found["value[smoking]"].value == 0
    assert asked(costs=grave).decide(posterior(0.01)) == (TREAT,)


def test_within_monte_carlo_error_both_are_tenable() -> None:
    """At costs at which to treat and to wait cost the same: whatever the draws say, both."""
    drawn = posterior(0.01)
    p = asked().measure(drawn)["prob[tuberculosis]"].value
    even = Costs((1 - p) / p * 1.001, 1, {})
    assert {*asked(costs=even).decide(drawn)} == {TREAT, WAIT}
    assert asked(costs=Costs(2 * (1 - p) / p, 1, {})).decide(drawn) == (TREAT,)


def test_new_patients() -> None:
    """Each by enumeration at the tables; equal ones alike, in the order of the file."""
    rows = pd.DataFrame(np.nan, [2, 3, 5, 9], list(NAMES))
    rows.loc[[2, 9], ["dyspnoea", "visit"]] = 1.0
    rows.loc[5, ["tuberculosis", "xray"]] = [1.0, 0.0]
    sure = np.broadcast_to(SURE, (200, len(ROWS)))
    found = predict(asked(seen={}), sure, rows)
    assert found.index.tolist() == [2, 3, 5, 9]
    for line, row in rows.iterrows():
        for name in DISEASES:
            p = prob(NETWORK, SURE, row.dropna().astype(int).to_dict(), name)
            ends = found.loc[line, [name, f"{name}_lower", f"{name}_upper"]].to_numpy(float)
            assert ends == pytest.approx(np.full(3, p)), (line, name)
    assert found["decision"].tolist() == ["xray first", WAIT, "it is known", "xray first"]
    assert found.loc[3, "expected_cost"] == pytest.approx(10 * 0.0104, rel=1e-6)
    assert predict(asked(seen={}), sure, rows.iloc[:0]).empty


def test_new_patients_of_unsure_tables() -> None:
    """The probability is that of `measure`, and the error like its own, of independent draws."""
    drawn = posterior(0.01)
    rows = pd.DataFrame([SEEN], columns=list(NAMES), dtype=float)
    found = predict(asked(seen={}), drawn["table"].to_numpy().reshape(-1, len(ROWS)), rows)
    exact = asked().measure(drawn)["prob[tuberculosis]"]
    assert found["tuberculosis"].item() == pytest.approx(exact.value)
    assert found["tuberculosis_mcse"].item() == pytest.approx(exact.mcse, rel=0.2)
    assert found["tuberculosis_lower"].item() < exact.value < found["tuberculosis_upper"].item()
