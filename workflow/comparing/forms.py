"""In which form does each fit have the outcome: as it is, its logarithm, its square root, ...?

A density of z = g(y) is one of y after the change of variables: p(y) = p(z) |dz / dy|. The numbers
say which g it was, row by row; the formulas say so too, and decide where several would do.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

CLOSE = 1e-9  # relative difference up to which two numbers are the same
ROUNDING = 1e-13  # of the largest number: what a sum of two may lose


@dataclass(frozen=True)
class Form:
    """A one-to-one function z = g(y) by which an outcome may be told.

    Parameters
    ----------
    name
        As in a formula; "" for the outcome as it is.
    written, slope
        g(y) and |dz / dy| in words, with {y} for the outcome.
    back
        From z to y; NaN where there is no such y.
    log_slope
        log |dz / dy| at y.
    rising
        Whether more of y is more of z.
    """

    name: str
    written: str
    slope: str
    back: Callable[[np.ndarray], np.ndarray]
    log_slope: Callable[[np.ndarray], np.ndarray]
    rising: bool = True


def _log_to(base: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda y: -np.log(y) - np.log(np.log(base))


def _positive(values: np.ndarray) -> np.ndarray:
    return np.where(values > 0, values, np.nan)


AS_IS = Form("", "{y}", "1", lambda z: z, lambda y: np.zeros(len(y)))
FORMS = (
    AS_IS,
    Form("log", "log({y})", "1 / {y}", np.exp, lambda y: -np.log(y)),
    Form("log10", "log10({y})", "1 / ({y} log 10)", lambda z: 10.0**z, _log_to(10)),
    Form("log2", "log2({y})", "1 / ({y} log 2)", np.exp2, _log_to(2)),
    Form("log1p", "log(1 + {y})", "1 / (1 + {y})", np.expm1, lambda y: -np.log1p(y)),
    Form(
        "sqrt",
        "sqrt({y})",
        "1 / (2 sqrt({y}))",
        lambda z: np.where(z >= 0, z**2, np.nan),
        lambda y: -np.log(2) - np.log(y) / 2,
    ),
    Form(
        "1/",
        "1 / {y}",
        "1 / {y}²",
        lambda z: 1 / _positive(z),
        lambda y: -2 * np.log(y),
        rising=False,
    ),
    Form(
        "square", "{y}²", "2 {y}", lambda z: np.sqrt(_positive(z)), lambda y: np.log(2) + np.log(y)
    ),
    Form("exp", "exp({y})", "exp({y})", lambda z: np.log(_positive(z)), lambda y: y),
    Form("expm1", "exp({y}) − 1", "exp({y})", np.log1p, lambda y: y),
)


def forms(outcomes: Sequence[np.ndarray], named: Sequence[str | None]) -> list[Form] | None:
    """Return in which form each fit has one and the same outcome; None where it is not the same.

    Parameters
    ----------
    outcomes
        What each fit has, the same rows in the same order; continuous numbers.
    named
        The function of the outcome in each formula, "" for none; None where nothing is known.

    Of several ways to tell it, that is taken which the formulas name, then the one in which most
    fits have the outcome as it is.
    """
    with np.errstate(all="ignore"):
        found = [ways for first in FORMS if (ways := _from(first, outcomes, named))]
    if not found:
        return None

    def strange(ways: Sequence[Form]) -> tuple[int, int]:
        other = sum(one.name != (name or "") for one, name in zip(ways, named, strict=True))
        return other, sum(one is not AS_IS for one in ways)

    return min(found, key=strange)


def _from(
    first: Form, outcomes: Sequence[np.ndarray], named: Sequence[str | None]
) -> list[Form] | None:
    """Return the forms of all, if the first one has it in the form `first`."""
    y = first.back(outcomes[0])
    if not np.isfinite(y).all():
        return None
    ways = [first]
    for z, name in zip(outcomes[1:], named[1:], strict=True):
        candidates = sorted(FORMS, key=lambda form: form.name != (name or ""))
        fits = (form for form in candidates if _fits(form, z, first, outcomes[0]))
        way = next(itertools.chain(fits, _linear(y, z)), None)
        if way is None:
            return None
        ways.append(way)
    return ways


def _fits(form: Form, z: np.ndarray, first: Form, other: np.ndarray) -> bool:
    """Say whether two outcomes come from the same numbers, if they have these forms.

    Of one form they have to be the same themselves: a logarithm may hide a small difference.
    """
    if form is first:
        return _same(z, other)
    return _same(form.back(z), first.back(other))


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    """Say whether all numbers are the same, each by its own size: a large one hides no other."""
    return bool(np.allclose(one, other, rtol=CLOSE, atol=0))


def _linear(y: np.ndarray, z: np.ndarray) -> list[Form]:
    """Return z = a + b y as a form, such as another unit, if it is one; with three values or more.

    Any two values are a linear function of any other two.
    """
    low, high = int(y.argmin()), int(y.argmax())
    if len(np.unique(y)) < 3 or z[low] == z[high]:
        return []
    b = float((z[high] - z[low]) / (y[high] - y[low]))
    a = float(z[low] - b * y[low])
    rounding = ROUNDING * float(np.abs(z).max() + abs(a))
    if not np.allclose(a + b * y, z, rtol=CLOSE, atol=rounding):
        return []
    shown = f"{b:.4g}"
    return [
        Form(
            "linear",
            f"a + {shown} {{y}}" if a else f"{shown} {{y}}",
            f"{abs(b):.4g}",
            lambda x: (x - a) / b,
            lambda x: np.full(len(x), np.log(abs(b))),
            rising=b > 0,
        )
    ]
