"""Numbers as they stand on a page: no more decimals than their Monte Carlo error supports."""

import math

from workflow.quantities import Quantity, Scalar

MINUS = "−"
TINY = 1e-4  # below this a number is written with a power of ten


def decimals(error: float | None) -> int:
    """Return how many decimals an error supports: it is at most one in the last of them.

    Below zero where it does not even support units: -2 stands for hundreds.
    """
    if not error or not math.isfinite(error):
        return 3
    return math.floor(-math.log10(error))


def number(value: float | None, error: float | None = None, *, sign: bool = False) -> str:
    """Format `value` to the decimals that its Monte Carlo error supports (3 if it has none)."""
    if value is None:
        return "–"
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return ("" if value > 0 else MINUS) + "∞"
    places = decimals(error)
    rounded = round(value, places) + 0.0  # no minus before a zero
    plus = "+" if sign and rounded else ""
    if rounded and abs(rounded) < TINY:
        digits = min(max(0, places + math.floor(math.log10(abs(rounded)))), 4)
        text = f"{rounded:{plus}.{digits}e}"
    else:
        text = f"{rounded:{plus},.{min(max(0, places), 8)}f}"
    return text.replace("-", MINUS)


def estimate(q: Quantity, scale: float = 1) -> str:
    """Format the median and, in brackets, the interval of a quantity times `scale`."""
    low, high = (number(scale * end, scale * q.mcse_interval) for end in (q.lower, q.upper))
    return f"{number(scale * q.median, scale * q.mcse_median)} ({low} to {high})"


def points(value: float, error: float | None = None, *, sign: bool = False) -> str:
    """Format a difference of rates in percentage points, without the unit."""
    return number(100 * value, 100 * error if error else None, sign=sign)


def percent(value: float, error: float | None = None) -> str:
    """Format a rate as a percentage."""
    return f"{points(value, error)}%"


def probability(scalar: Scalar) -> str:
    """Format a probability; near 0 or 1 as a bound that the draws support.

    A value under .001 or over .999, or one that its Monte Carlo error would round to 0 or 1, is
    shown as a bound: .001 away, or two Monte Carlo errors beyond the value where that is further.
    """
    value, error = scalar.value, max(scalar.mcse, 1e-4)
    if 0.001 <= value <= 0.999 and 0 < round(value, decimals(error)) < 1:
        return number(value, error)
    bound = _upwards(min(value, 1 - value) + 2 * scalar.mcse, 0.001)
    return f"< {bound:g}" if value < 0.5 else f"> {1 - bound:g}"


def per_thousand(scalar: Scalar) -> str:
    """Format an expected loss of a rate as events per 1,000 visitors; near 0 as a bound."""
    value, error = 1000 * scalar.value, 1000 * scalar.mcse
    if value >= 0.01 and round(value, decimals(max(error, 0.01))) > 0:
        return number(value, max(error, 0.01))
    return f"< {_upwards(value + 2 * error, 0.01):g}"


def _upwards(bound: float, least: float) -> float:
    """Round a bound up to one digit, and to `least` at least."""
    step = 10.0 ** math.floor(math.log10(max(bound, least)))
    return max(least, math.ceil(bound / step - 1e-9) * step)
