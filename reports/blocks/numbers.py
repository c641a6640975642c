"""Numbers as they stand on a page: no more decimals than their Monte Carlo error supports."""

import math

from workflow.quantities import Quantity, Scalar

MINUS = "−"
TINY = 1e-4  # below this a number is written with a power of ten
HUGE = 1e9  # from here on too
DOUBLE = 15  # digits that a double has
MILLION = 1_000_000  # a factor beyond it is told as a bound


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
    if rounded and not TINY <= abs(rounded) < HUGE:
        most = DOUBLE - 1 if error and abs(rounded) >= HUGE else 4
        text = f"{rounded:{plus}.{min(max(0, places + _power(rounded)), most)}e}"
    else:
        text = f"{rounded:{plus},.{min(max(0, places), 8)}f}"
    return text.replace("-", MINUS)


def figure(value: float, digits: int = 3) -> str:
    """Format a number that has no Monte Carlo error to so many digits that count."""
    return apart(value, digits=digits)[0]


def apart(*values: float, digits: int = 4) -> tuple[str, ...]:
    """Format numbers that stand together to so many digits, and to those in which they differ.

    A million and two, beside a million, keeps its last digit.
    """
    finite = [value for value in values if math.isfinite(value)]
    spread = max(finite) - min(finite) if finite else 0.0
    told = 2 - _power(spread) if spread else -DOUBLE
    return tuple(_with_digits(value, digits, told) for value in values)


def _with_digits(value: float, digits: int, told: int) -> str:
    """Format to `digits` that count, or to `told` decimals where these are more."""
    if not (value and math.isfinite(value)):
        return number(value, 1.0)
    power = _power(value)
    if not TINY <= abs(value) < HUGE:
        text = f"{value:.{digits - 1}e}"
    else:
        places = min(max(digits - 1 - power, told), DOUBLE - 1 - power)
        text = f"{round(value, places):,.{max(0, places)}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", MINUS)


def _power(value: float) -> int:
    """Return the power of ten of a number's first digit."""
    return math.floor(math.log10(abs(value)))


def ends(q: Quantity, scale: float = 1, *, sign: bool = False) -> tuple[str, str]:
    """Format the ends of an interval, each to the digits of its own Monte Carlo error.

    One that rounds to zero has up to two digits more: on which side of zero it is must be seen.
    """
    errors = ((q.lower, q.mcse_lower), (q.upper, q.mcse_upper))
    low, high = (_end(scale * value, scale * error, sign=sign) for value, error in errors)
    return low, high


def _end(value: float, error: float, *, sign: bool) -> str:
    if not (value and math.isfinite(value)):
        return number(value, error)
    places = decimals(error)
    if round(value, places):
        return number(value, error, sign=sign)
    places = min(max(0, places) + 2, -_power(value))
    shown = number(value, 0.99 * 10.0**-places, sign=sign)
    return shown if round(value, places) else f"{MINUS if value < 0 else '+' * sign}{shown}"


def interval(q: Quantity, scale: float = 1, *, unit: str = "", sign: bool = False) -> str:
    """Format an interval times `scale`, with the `unit` behind each end."""
    low, high = ends(q, scale, sign=sign)
    return f"{low}{unit} to {high}{unit}"


def estimate(q: Quantity, scale: float = 1, *, sign: bool = False) -> str:
    """Format the median and, in brackets, the interval of a quantity times `scale`."""
    middle = number(scale * q.median, scale * q.mcse_median, sign=sign)
    return f"{middle} ({interval(q, scale, sign=sign)})"


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


def times(log: float) -> str:
    """Format a factor of this logarithm; beyond a million, or below a millionth, as a bound."""
    if abs(log) > math.log(MILLION):
        return f"> {MILLION:,}" if log > 0 else f"< {1 / MILLION:.6f}"
    return figure(math.exp(log))


def _upwards(bound: float, least: float) -> float:
    """Round a bound up to one digit, and to `least` at least."""
    step = 10.0 ** math.floor(math.log10(max(bound, least)))
    return max(least, math.ceil(bound / step - 1e-9) * step)
