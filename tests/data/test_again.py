"""The terms of other rows are made as those of the file were."""

import math

import numpy as np
import pandas as pd
import pytest

from data._again import logarithm
from data._formula import design

RNG = np.random.default_rng(1)
TABLE = pd.DataFrame(
    {
        "y": RNG.normal(size=60),
        "x": RNG.normal(10, 2, 60).round(2),
        "k": RNG.integers(1, 5, 60).astype(float),
        "g": pd.Categorical(RNG.choice(["a", "b", "c"], 60)),
    },
    index=range(2, 62),
)


@pytest.mark.parametrize(
    "formula",
    [
        None,
        "y ~ x + I(x**2) + C(k) + g",
        "y ~ scale(x) + center(k) + log(x)",
        "y ~ bs(x, df=4) + cr(k, df=3)",
        "y ~ poly(x, 2) * g",
        "y ~ x:g + g:C(k)",
        "y ~ I(x > 9) + standardize(x):k",
    ],
)
def test_the_same_rows_give_the_same_terms_and_some_of_them_too(formula: str | None) -> None:
    """The second shows that nothing is centred, and no knot placed, by the rows that are asked."""
    made = design(formula, TABLE)
    pd.testing.assert_frame_equal(made.again(TABLE), made.terms, check_exact=False, atol=1e-12)
    few = TABLE.iloc[5:9]
    pd.testing.assert_frame_equal(made.again(few), made.terms.iloc[5:9], atol=1e-12)


def test_every_term_of_a_column_follows_it() -> None:
    made = design("y ~ x + I(x**2) + g", TABLE)
    new = made.again(TABLE.iloc[:2].assign(x=3.0, g="b"))
    assert new.iloc[0, :2].tolist() == [3, 9]
    coded = dict(zip(made.terms, new.iloc[0], strict=True))
    assert all(coded[name] == name.startswith("g: b") for name in list(coded)[2:])


def test_a_level_that_is_none_of_the_file_is_refused() -> None:
    with pytest.raises(ValueError, match="g is never 'z'"):
        design("y ~ g", TABLE).again(TABLE.iloc[:1].assign(g="z"))


def test_an_outcome_that_is_a_logarithm_of_a_column() -> None:
    found = logarithm("log(price)")
    assert found == ("price", math.e)
    assert logarithm("np.log10(`the price`)") == ("the price", 10)
    assert logarithm("log(price + 1)") is None
    assert logarithm("price") is None
