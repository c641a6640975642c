"""Directions of terms under several models and under their average."""

import json
from typing import Any

import numpy as np
import pytest
import xarray as xr

from tests.fits import normal_tree, saved
from workflow.comparing.directions import average, differing, entangled, in_words, known, sure_of
from workflow.comparing.saved import Saved

ANY = normal_tree(np.random.default_rng(1).normal(size=10))
BOTH = {"a": 0.6, "b": 0.4}
RISING = {"a": True, "b": True}


def fit(name: str, decision: str | None, settings: Any = None, **p: float) -> Saved:
    """Return a fit with these probabilities of going up."""
    scalars = {
        f"prob_positive[{t.replace('_', ', ')}]": {"value": v, "mcse": 0.01} for t, v in p.items()
    }
    return saved(ANY, name, decision=decision, scalars=scalars, settings=settings or {})


def test_probabilities_are_averaged_by_the_weights() -> None:
    fits = [fit("a", "up: x", x=0.99, z=0.5), fit("b", "up: x; down: z", x=0.98, z=0.01)]
    x, z = average(fits, BOTH, RISING, 0.975)
    assert x.up.value == pytest.approx(0.6 * 0.99 + 0.4 * 0.98)
    assert z.down.value == pytest.approx(0.6 * 0.5 + 0.4 * 0.99)
    assert x.up.mcse == pytest.approx(0.01 * np.hypot(0.6, 0.4))
    assert (x.sign, z.sign) == (1, 0)
    assert z.signs == {"a": 0, "b": -1}
    assert in_words([x, z]) == "up: x"
    assert differing([x, z]) == [z]


def test_a_model_without_the_term_counts_as_neither() -> None:
    fits = [fit("a", "up: x", x=1.0), fit("b", "up: z", z=1.0)]
    x, z = average(fits, BOTH, RISING, 0.975)
    assert (x.up.value, x.down.value) == (0.6, 0)
    assert in_words([x, z]) == "no direction is known"
    assert differing([x, z]) == []


def test_an_outcome_told_upside_down_turns_directions_round() -> None:
    fits = [fit("a", "up: x", x=0.999), fit("b", "down: x", x=0.002)]
    (x,) = average(fits, BOTH, {"a": True, "b": False}, 0.975)
    assert x.up.value == pytest.approx(0.6 * 0.999 + 0.4 * 0.998)
    assert x.signs == {"a": 1, "b": 1}
    assert x.sign == 1


def test_what_hangs_on_a_row_under_one_model_is_not_known_under_the_average() -> None:
    fits = [fit("a", "no direction is known", x=0.99), fit("b", "up: x", x=0.99)]
    (x,) = average(fits, BOTH, RISING, 0.975)
    assert x.signs == {"a": 0, "b": 1}
    assert x.sign == 0


def test_decisions_are_read_by_their_terms_whatever_signs_are_in_them() -> None:
    one = fit("a", "cannot tell; up: g, b, g; down: h", g_b=0.99, g=0.98, h=0.0, i=0.99)
    assert known(one, 0.975) == {"g, b": 1, "g": 1, "h": -1, "i": 0}


def test_only_fits_with_one_rule_have_an_average() -> None:
    one = fit("a", "up: x", x=0.99)
    assert sure_of([one, fit("b", "up: x", x=0.99)]) == 0.975
    assert sure_of([one, fit("b", "up: x", {"sure": "0.9"}, x=0.99)]) is None
    assert sure_of([one, fit("b", "choose it")]) is None
    assert sure_of([one, fit("b", None, x=0.99)]) is None


def with_terms(name: str, *numbers: tuple[str, ...], **p: float) -> Saved:
    """Return a fit of terms that multiply these functions of columns."""
    terms = [{"name": ":".join(one), "numbers": [*one], "levels": []} for one in numbers]
    text = json.dumps({"terms": terms, "columns": {"x": {}, "z": {}}})
    of = normal_tree(np.random.default_rng(1).normal(size=10))
    of["design"] = xr.Dataset({"json": ((), np.array(text))})
    return Saved(name, fit(name, "up: x", **p).summary, of)


def test_a_slope_beside_its_own_square_or_product_is_another_quantity() -> None:
    line = with_terms("a", ("x",), ("z",), x=0.99, z=0.99)
    square = with_terms("b", ("x",), ("I(x ** 2)",), ("z",), x=0.5, z=0.99)
    product = with_terms("b", ("x",), ("z",), ("x", "z"), x=0.5, z=0.99)
    assert entangled([line]) == set()
    assert entangled([line, square]) == {"x", "I(x ** 2)"}
    assert entangled([line, product]) == {"x", "z"}
    assert [one.name for one in average([line, square], BOTH, RISING, 0.975)] == ["z"]
