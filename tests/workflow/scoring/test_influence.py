import numpy as np
import xarray as xr

from workflow.checking.status import Status
from workflow.scoring.influence import influence
from workflow.scoring.psis import psis


def test_influential_rows_are_named() -> None:
    """Importance ratios 1 / p(y) with a Pareto tail of shape k: u^k has the density's part."""
    u = np.random.default_rng(3).uniform(size=(4, 1000, 3))
    k = np.array([0.1, 0.95, 0.2])
    log_lik = xr.DataArray(k * np.log(u), dims=("chain", "draw", "row"), coords={"row": [7, 8, 9]})
    found = influence(psis(log_lik))
    assert (found.status, found.where) == (Status.WARN, "row 8")
    assert found.worst > 0.7
    assert "refit" in found.advice
    fine = influence(psis(log_lik.sel(row=[7, 9])))
    assert (fine.status, fine.advice) == (Status.PASS, "")
