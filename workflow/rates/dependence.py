"""What rates leave of single rows, for `workflow.checking.alike`: outcomes less the rate."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from workflow.checking.alike import Residuals

KINDS = 5  # are looked at, the most frequent


def of_arms(rows: pd.DataFrame | None, arms: list[str]) -> Residuals | None:
    """Return each row's outcome (0, 1) less the rate of its arm; the estimates are differences.

    `rows` has the column arm; the first of `arms` is the control. Rows can change places within an
    arm. None where there are no rows, but counts.
    """
    if rows is None:
        return None
    left = rows["conversions"] - rows.groupby("arm")["conversions"].transform("mean")
    control, *others = (
        np.where(rows["arm"] == arm, 1 / (rows["arm"] == arm).sum(), 0) for arm in arms
    )
    names = [f"the difference of {arm} from {arms[0]}" for arm in arms[1:]]
    weights = {name: one - control for name, one in zip(names, others, strict=True)}
    return Residuals(left, pd.DataFrame(weights, rows.index), pd.factorize(rows["arm"])[0])


def of_kinds(rows: pd.Series | None) -> list[Residuals] | None:
    """Return for each of the `KINDS` most frequent kinds whether a row is of it, less its share.

    None where there are no rows, but counts.
    """
    if rows is None:
        return None
    return list(_of_kinds(rows))


def _of_kinds(rows: pd.Series) -> Iterator[Residuals]:
    same = np.zeros(len(rows), dtype=int)
    for kind, share in rows.value_counts(normalize=True).head(KINDS).items():
        weights = pd.DataFrame({f"the share of {kind}": 1.0}, rows.index)
        yield Residuals((rows == kind) - float(share), weights, same)


def of_one_rate(rows: pd.DataFrame | None) -> Residuals | None:
    """Return each row's outcome, the first column (0, 1), less the rate; that is the estimate.

    None where there are no rows, but counts.
    """
    if rows is None:
        return None
    happened = rows.iloc[:, 0]
    weights = pd.DataFrame({"the rate": 1.0}, rows.index)
    return Residuals(happened - happened.mean(), weights, np.zeros(len(rows), dtype=int))
