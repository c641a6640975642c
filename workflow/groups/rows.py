"""What groups leave of single rows, for `workflow.checking.alike`: outcomes less the group's rate.

Rows of a group are alike by what the model says; what else makes them alike (a session, a day) is
what this asks.
"""

import numpy as np
import pandas as pd

from workflow.checking.alike import Residuals

LARGEST = 5  # groups whose rates are looked at, those with most rows


def residuals(rows: pd.DataFrame | None) -> Residuals | None:
    """Return each row's outcome less the mean of its group (of 0 and 1: the rate).

    `rows` has the columns arm, and conversions (0, 1) or value. Rows can change places within a
    group. None where there are no rows, but counts.
    """
    if rows is None:
        return None
    outcome = "conversions" if "conversions" in rows else "value"
    left = rows[outcome] - rows.groupby("arm")[outcome].transform("mean")
    estimate = "rate" if outcome == "conversions" else "mean"
    sizes = rows["arm"].value_counts().head(LARGEST)
    weights = {
        f"the {estimate} of {name}": np.where(rows["arm"] == name, 1 / n, 0.0)
        for name, n in sizes.items()
    }
    return Residuals(left, pd.DataFrame(weights, rows.index), pd.factorize(rows["arm"])[0])
