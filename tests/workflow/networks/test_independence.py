"""What a network claims is independent: against statsmodels, and against data that break it."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from statsmodels.stats.contingency_tables import StratifiedTable

from data.diagnosis import NAMES, load, patterns
from models.diagnosis import states, tables
from tests.brought.diagnosis import patients
from tests.conftest import SEED
from workflow.networks import independence
from workflow.networks.network import Network

NETWORK = Network.of(states(), tables())
CLAIMED = {
    "visit with smoking",
    "smoking with tuberculosis, given visit",
    *(f"{one} with cancer, given smoking" for one in ("visit", "tuberculosis")),
    *(f"{one} with bronchitis, given smoking" for one in ("visit", "tuberculosis", "cancer")),
    *(f"{one} with xray, given either" for one in NAMES[:5]),
    *(f"{one} with dyspnoea, given either and bronchitis" for one in (*NAMES[:4], "xray")),
}


def found(frame: pd.DataFrame) -> dict[str, float]:
    by_pattern = patterns(frame.astype(float))
    y = xr.DataArray(by_pattern["patients"].to_numpy(), dims="pattern")
    every = independence.statistics(NETWORK, by_pattern)
    return {name: float(one(y, xr.Dataset())) for name, one in every.items()}


def test_what_the_network_claims() -> None:
    """By the local Markov property: 17 pairs; an X-ray knows nothing of which disease it was."""
    assert {*independence.statistics(NETWORK, load())} == CLAIMED
    assert not independence.untold(NETWORK, load())


@pytest.mark.parametrize("blanks", [0.0, 0.2])
def test_the_statistic_is_that_of_statsmodels(blanks: float) -> None:
    """Its square is the chi-squared of Cochran, Mantel and Haenszel, without correction."""
    rng = np.random.default_rng(SEED)
    frame = patients(rng, 900, rng.uniform(0.2, 0.8, 14)).astype(float)
    frame = frame.mask(rng.random(frame.shape) < blanks).dropna(how="all")
    known = frame.assign(either=frame[["tuberculosis", "cancer"]].max(axis=1, skipna=False))
    for name, z in found(frame).items():
        pair, _, given = name.partition(", given ")
        one, child = pair.split(" with ")
        by = given.split(" and ") if given else []
        rows = known.dropna(subset=[one, child, *by])
        if blanks and "either" in by:
            continue  # one disease that is there settles either; pandas does not know it
        parts = [part for _, part in rows.groupby(by)] if by else [rows]
        cells = [pd.crosstab(part[child], part[one]) for part in parts]
        full = [table.to_numpy() for table in cells if table.shape == (2, 2)]
        expected = StratifiedTable(full).test_null_odds(correction=False).statistic
        assert z**2 == pytest.approx(expected, rel=1e-9), name
        more = sum(t[1, 1] - t[1].sum() * t[:, 1].sum() / t.sum() for t in full)
        assert np.sign(z) == np.sign(more), name


def test_blanks_are_left_out_where_they_matter_alone() -> None:
    """Tuberculosis is there, so either is, though cancer is blank: the X-ray's row is known."""
    frame = load().query("tuberculosis == 1 and patients > 0").assign(cancer=np.nan)
    assert (NETWORK.rows_of("xray", frame) == NETWORK.rows.index("xray | either=1")).all()
    frame["tuberculosis"] = np.nan
    assert (NETWORK.rows_of("xray", frame) == -1).all()


def test_independent_findings_have_the_distribution_that_is_claimed() -> None:
    """Of 2,000 files of a right network, each statistic has mean 0 and sd 1 within 4 errors."""
    rng, n = np.random.default_rng(SEED), 2000
    p = NETWORK.probabilities(rng.uniform(0.2, 0.8, 14))
    complete = load()
    assert (complete[list(NAMES)].to_numpy() == NETWORK.yes).all()
    y = xr.DataArray(rng.multinomial(500, p, n), dims=("file", "pattern"))
    for name, one in independence.statistics(NETWORK, complete).items():
        z = one(y, xr.Dataset()).to_numpy()
        assert abs(z.mean()) < 4 / np.sqrt(n), name
        assert abs(z.std() - 1) < 4 / np.sqrt(2 * n), name


def test_too_few_patients_are_told() -> None:
    few = patterns(patients(np.random.default_rng(1), 3, np.full(14, 0.1)).astype(float))
    assert {*independence.untold(NETWORK, few), *independence.statistics(NETWORK, few)} == CLAIMED
    assert len(independence.untold(NETWORK, few)) > 12
