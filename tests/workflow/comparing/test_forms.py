"""Forms of an outcome: found from the numbers, and their slopes are the derivatives."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.differentiate import derivative

from workflow.comparing.forms import AS_IS, FORMS, Form, forms

RNG = np.random.default_rng(3)
Y = np.exp(RNG.normal(1, 0.7, 40))
FORWARD: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "": lambda y: y,
    "log": np.log,
    "log10": np.log10,
    "log2": np.log2,
    "log1p": np.log1p,
    "sqrt": np.sqrt,
    "1/": lambda y: 1 / y,
    "square": np.square,
    "exp": np.exp,
    "expm1": np.expm1,
}


def names(*outcomes: np.ndarray, named: tuple[str | None, ...] = ()) -> list[str] | None:
    """Return the names of the forms that are found."""
    found = forms(outcomes, named or [None] * len(outcomes))
    return None if found is None else [one.name for one in found]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name or "as it is")
def test_slope_is_the_derivative_and_back_is_the_inverse(form: Form) -> None:
    forward = FORWARD[form.name]
    assert form.back(forward(Y)) == pytest.approx(Y, rel=1e-12)
    slope = derivative(forward, Y, initial_step=0.1).df
    assert form.log_slope(Y) == pytest.approx(np.log(np.abs(slope)), abs=1e-6)
    assert form.rising == bool((slope > 0).all())


@pytest.mark.parametrize("name", [name for name in FORWARD if name])
def test_every_form_is_found_from_the_numbers_alone(name: str) -> None:
    z = FORWARD[name](Y)
    found = forms([Y, z], [None, None])
    assert found is not None
    # The inverse told from the other side is the same comparison: y may be that of either.
    gaps = found[1].log_slope(found[0].back(Y)) - found[0].log_slope(found[0].back(Y))
    assert gaps == pytest.approx(FORMS[[*FORWARD].index(name)].log_slope(Y), abs=1e-8)
    assert names(Y, z, named=("", name)) == ["", name]


def test_jacobian_of_a_logarithm_is_minus_the_logarithm_exactly() -> None:
    found = forms([Y, np.log(Y)], ["", "log"])
    assert found is not None
    assert found[0] is AS_IS
    assert found[1].log_slope(Y).sum() == -np.log(Y).sum()


def test_formulas_decide_where_several_ways_would_do() -> None:
    assert names(np.log(Y), np.log(Y), named=("log", "log")) == ["log", "log"]
    assert names(np.log(Y), np.sqrt(Y), named=("log", "sqrt")) == ["log", "sqrt"]
    assert names(np.log(Y), np.sqrt(Y), Y) == ["log", "sqrt", ""]
    assert names(Y, Y, named=("", None)) == ["", ""]


def test_another_unit_is_found_and_its_slope_is_the_factor() -> None:
    found = forms([Y, 32 + 1.8 * Y], ["", None])
    assert found is not None
    assert found[1].log_slope(Y) == pytest.approx(np.full(40, np.log(1.8)))
    falling = forms([Y, -Y], ["", None])
    assert falling is not None
    assert not falling[1].rising


def test_other_data_are_no_form_of_these() -> None:
    other = Y.copy()
    other[7] *= 1 + 1e-6
    assert names(Y, other) is None
    assert names(Y, np.log(other)) is None
    large = np.append(Y, 30.0)  # exp(30) would hide what differs beside it
    assert names(large, np.append(other, 30.0)) is None
    assert names(large, np.append(32 + 1.8 * other, 1e9)) is None
    assert names(Y, RNG.permutation(Y)) is None
    two = np.array([1.0, 2.0] * 5)
    assert names(two, np.array([4.0, 9.0] * 5)) is None  # any two values are linear in two others
