"""A value of a group, and a loss, in words: rates in percent, losses of them in points."""

from reports.blocks.numbers import figure, number, percent
from workflow.groups.choosing import Pick
from workflow.groups.observed import Observed
from workflow.quantities import Scalar


def value(observed: Observed, x: float, error: float | None = None) -> str:
    """Say a value of a group: rates in percent, to a tenth if nothing else is known."""
    if observed.counted:
        rare = min(x, 1 - x)
        return percent(x, error or (1e-3 if rare == 0 or rare > 0.01 else rare / 10))
    return number(x, error) if error else figure(x)


def amount(observed: Observed, loss: Scalar) -> str:
    """Say a loss: of rates in percentage points, near 0 as a bound."""
    scale = 100 if observed.counted else 1
    size, error = scale * loss.value, scale * loss.mcse
    if size <= 2 * error:
        return f"less than {_points(observed, figure(size + 2 * error, 1))}"
    return _points(observed, number(size, error))


def limit(observed: Observed, pick: Pick) -> str:
    """Say the limit on the loss."""
    return _points(observed, figure((100 if observed.counted else 1) * pick.limit))


def _points(observed: Observed, said: str) -> str:
    if not observed.counted:
        return said
    return f"{said} point{'' if said == '1' else 's'}"
