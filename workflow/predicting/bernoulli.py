"""New rows of a logistic regression: the probability of the event, and which error costs less."""

import numpy as np
import pandas as pd
import xarray as xr
from scipy.special import expit

from workflow.deciding.costs import Stakes
from workflow.predicting.draws import chunks, ends, flat

ERRORS = 2  # Monte Carlo errors within which a row is on either side of the threshold
_COLUMNS = ("probability", "lower", "upper", "mcse")


def predict(posterior: xr.Dataset, terms: pd.DataFrame, centre: np.ndarray) -> pd.DataFrame:
    """Return P(event) of each row, its central 95% (of what is not known of the parameters).

    Columns: probability, the mean over the draws; lower, upper; mcse, of the mean. The parameters
    are those of `workflow.predicting.linear.predict`.
    """
    slope = flat(posterior, "slope")
    level = flat(posterior, "intercept") + slope @ centre
    x = terms.to_numpy(dtype=float) - centre
    found = [_rows(level, slope, x[rows]) for rows in chunks(len(x))]
    every = np.concatenate(found) if found else np.empty((0, len(_COLUMNS)))
    return pd.DataFrame(every, terms.index, list(_COLUMNS))


def _rows(level: np.ndarray, slope: np.ndarray, x: np.ndarray) -> np.ndarray:
    log_odds = x @ slope.T + level
    with np.errstate(over="ignore"):  # exp(800) is infinite, and the probability 0
        p = 1 / (1 + np.exp(-log_odds))  # several times as fast as expit
    error = p.std(axis=1) / np.sqrt(len(level))
    return np.column_stack([p.mean(axis=1), expit(ends(log_odds)), error])


def decide(found: pd.DataFrame, stakes: Stakes, act: str) -> pd.DataFrame:
    """Add what to do about each row by the rule of least expected cost, and what that costs.

    Columns: probability_there, at the prevalence of `stakes`; decision, `act` or "do not " + act;
    expected_cost, of the decision, in the unit of the costs; cost_otherwise, of the other option;
    open, whether the Monte Carlo error of the probability could decide otherwise.
    """
    p = stakes.adjusted(found["probability"])
    acts = found["probability"].to_numpy() >= stakes.cut
    acting, leaving = (1 - p) * stakes.false_alarm, p * stakes.miss
    near = np.abs(found["probability"] - stakes.cut) <= ERRORS * found["mcse"]
    return found.assign(
        probability_there=p,
        decision=np.where(acts, act, f"do not {act}"),
        expected_cost=np.where(acts, acting, leaving),
        cost_otherwise=np.where(acts, leaving, acting),
        open=near,
    )
