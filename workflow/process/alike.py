"""What one mean leaves of single pieces, for `workflow.checking.alike`."""

import numpy as np
import pandas as pd

from workflow.checking.alike import Residuals


def residuals(values: pd.Series) -> Residuals:
    """Return each piece less the mean, in sds; the estimate is the mean."""
    left = (values - values.mean()) / values.std()
    weights = pd.DataFrame({"the mean": 1.0}, values.index)
    return Residuals(left, weights, np.zeros(len(values), dtype=int))
