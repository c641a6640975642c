"""Orders of levels that can be told, and references: the most frequent, or who was named."""

from pathlib import Path

import pandas as pd
import pytest

from data._how import Reading
from data._levels import ChoiceError, Choices, category, choices
from data._order import in_order
from data._table import DataError
from data.linear_regression import load

ORDERS = [
    "low|medium|high",
    "Small|Medium|Large",
    "S|M|L|XL",
    "never|rarely|sometimes|often|always",
    "strongly disagree|disagree|neutral|agree|strongly agree",
    "Strongly_Disagree|Disagree|Neither agree nor disagree|Agree",
    "Jan|Feb|Mar|Dec",
    "Monday|Wednesday|Sunday",
    "under 18|18-25|26-40|41+",
    "<18|18-25|26-64|>=65",
    "0-9|10-19|100-109",
    "week 1|week 2|week 10",
    "poor|fair|good|excellent",
    "none|mild|moderate|severe",
]


@pytest.mark.parametrize("order", ORDERS)
def test_the_order_is_told(order: str) -> None:
    levels = order.split("|")
    assert in_order(sorted(levels)) == (levels, True)
    assert in_order(levels[::-1]) == (levels, True)


@pytest.mark.parametrize("levels", [["East", "North", "West"], ["a1", "b1", "c2"], ["low", "odd"]])
def test_there_is_no_order_to_tell(levels: list[str]) -> None:
    assert in_order(levels[::-1]) == (levels, False)


def test_the_reference_is_the_most_frequent_and_of_equals_the_first() -> None:
    def reference(values: str) -> str:
        return category("g", pd.Series(list(values), dtype="category"), Choices()).reference

    assert reference("abbc") == "b"
    assert reference("ccbbaa") == "a"
    sizes = pd.Series(["small", "large", "medium"] * 2, dtype="category")
    found = category("size", sizes, Choices())
    assert found.reference == "small"
    assert list(found.values.cat.categories) == ["small", "medium", "large"]
    assert "in this order (--levels gives another)" in found.note


HEAD = "area,district,size,price\n"
ROWS = [
    *("50,West,S,5", "60,Altstadt,M,9", "70,Altstadt,L,7", "80,Nord,S,11", "95,Altstadt,M,10"),
    *("55,West,L,6", "64,Altstadt,S,8", "71,Nord,M,9", "66,Altstadt,L,14"),
]


def flats(folder: Path) -> Path:
    path = folder / "flats.csv"
    path.write_text(HEAD + "\n".join(ROWS) + "\n")
    return path


@pytest.mark.parametrize("formula", [None, "price ~ area + district + size", "price ~ ."])
def test_references_and_orders_with_a_formula_and_without(
    tmp_path: Path, formula: str | None
) -> None:
    path = flats(tmp_path)
    found = load(path, formula)
    assert list(found.terms)[1:3] == [
        f"district: {d} rather than Altstadt" for d in ("Nord", "West")
    ]
    assert list(found.terms)[3:] == [f"size: {s} rather than S" for s in "ML"]
    assert "Nord, West compared with Altstadt, the most frequent" in found.notes[0]
    chosen = load(
        path, formula, reading=Reading(reference=("district=Nord",), levels=("size=L,M,S",))
    )
    assert list(chosen.terms)[1:] == [
        *("district: Altstadt rather than Nord", "district: West rather than Nord"),
        *("size: M rather than L", "size: S rather than L"),
    ]
    assert "as --reference says" in chosen.notes[0]


WRONG = {
    ("reference", "district=Norf"): "did you mean 'Nord'?",
    ("reference", "street=Nord"): "'street' is no category among the terms; there are district",
    ("reference", "area=50"): "'area' is no category among the terms",
    ("reference", "Nord"): "write it as in --reference district=Nord",
    ("levels", "size=S,L"): "'M' of the file not in 'S', 'L'",
    ("levels", "size=S,M,L,XL"): "no row has 'XL'",
}


@pytest.mark.parametrize(("option", "text"), WRONG)
def test_a_choice_of_what_is_not_there_is_refused(tmp_path: Path, option: str, text: str) -> None:
    with pytest.raises(DataError) as refused:
        load(flats(tmp_path), reading=Reading.of({option: [text]}))
    assert WRONG[option, text] in str(refused.value)


def test_choices_are_read() -> None:
    found = choices(["g=a=b"], ["h= x , y"])
    assert found.references == {"g": "a=b"}
    assert found.orders == {"h": ["x", "y"]}
    with pytest.raises(ChoiceError):
        choices(["=a"])
