"""New rows of a quantile regression: where each line lies there, and what is not known of it."""

import numpy as np
import pandas as pd
import xarray as xr

from workflow.predicting.draws import chunks, ends, flat


def predict(lines: xr.Dataset, terms: pd.DataFrame, centre: np.ndarray) -> pd.DataFrame:
    """Return the line of each quantile at each row.

    `lines` has `intercept` (quantile) and `slope` (quantile, term), the right width included;
    `centre` are the means of the fitted terms, about which is computed.

    Columns, of each quantile: q0.5, the posterior mean of its line; q0.5_lower and q0.5_upper, the
    central 95% of what is not known of it; at the end `crossing`: a line lies below that of a
    smaller quantile.
    """
    slope = flat(lines, "slope")
    level = flat(lines, "intercept") + slope @ centre
    x = terms.to_numpy(dtype=float) - centre
    found: dict[str, np.ndarray] = {}
    means = level.mean(axis=0) + x @ slope.mean(axis=0).T
    for j, q in enumerate(lines["quantile"].to_numpy()):
        drawn = (x[rows] @ slope[:, j].T + level[:, j] for rows in chunks(len(x)))
        both = np.concatenate([np.empty((0, 2)), *map(ends, drawn)])
        found |= {f"q{q}": means[:, j], f"q{q}_lower": both[:, 0], f"q{q}_upper": both[:, 1]}
    found["crossing"] = (np.diff(means, axis=1) < 0).any(axis=1)
    return pd.DataFrame(found, terms.index)
