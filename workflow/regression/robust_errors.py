"""Standard errors of slopes that hold where noise is not equally large everywhere."""

import numpy as np
import pandas as pd


def hc3(terms: pd.DataFrame, outcome: pd.Series) -> pd.DataFrame:
    """Return least squares' slopes in own units and two standard errors of each.

    `plain` takes the noise to be equally large for all rows, `robust` does not (HC3); index: term.
    Needs more rows than coefficients.

    Source: MacKinnon and White (1985), Some heteroskedasticity-consistent covariance matrix
    estimators with improved finite sample properties.
    """
    n, k = terms.shape
    z = ((terms - terms.mean()) / terms.std()).to_numpy()
    basis, r = np.linalg.qr(np.column_stack([np.ones(n), z]))
    y = outcome.to_numpy(dtype=float)
    left = y - basis @ (basis.T @ y)
    leverage = np.minimum((basis**2).sum(axis=1), 1 - 1e-12)
    back = np.linalg.inv(r)
    b = back @ (basis.T @ y)
    middle = (basis.T * (left / (1 - leverage)) ** 2) @ basis
    robust = np.sqrt(np.diag(back @ middle @ back.T))
    plain = np.sqrt(np.diag(back @ back.T) * (left @ left) / (n - k - 1))
    found = pd.DataFrame({"slope": b, "plain": plain, "robust": robust}).iloc[1:]
    return found.set_axis(terms.columns, axis=0).div(terms.std(), axis=0)
