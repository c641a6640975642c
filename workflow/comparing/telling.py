"""The rows of the data that tell two models apart."""

from dataclasses import dataclass

import numpy as np

from workflow.comparing.models import Model


@dataclass(frozen=True)
class Row:
    """A row of the data: its line, the outcome, and by how much one model predicts it better."""

    line: object
    outcome: float
    gain: float


def telling_rows(one: Model, other: Model, y: np.ndarray, most: int = 8) -> list[Row]:
    """Return the rows in which the log densities of two models differ most."""
    gains = one.elpd.pointwise - other.elpd.pointwise
    order = np.argsort(-np.abs(gains))[:most]
    return [Row(one.fit.lines[i], float(y[i]), float(gains[i])) for i in order]
