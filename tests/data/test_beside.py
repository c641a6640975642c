"""Which columns of a file say to what its rows belong, and when they were."""

import pandas as pd
import pytest

from data._beside import beside

ROWS = 60
BELONG = {
    "user_id": [f"{i // 3}" for i in range(ROWS)],
    "SessionID": [f"s{i % 20}" for i in range(ROWS)],
    "judge": ["ABC"[i % 3] for i in range(ROWS)],
    "sites": ["ABC"[i % 3] for i in range(ROWS)],
    "kunde": [f"k-{i % 12}" for i in range(ROWS)],  # by its cells: names with a number
    "wer": [f"{i % 20}" for i in range(ROWS)],  # whole numbers, each as often as any other
    "mail": [f"a{i % 9}@example.org" for i in range(ROWS)],
    "code": [f"00{i % 15 + 10}" for i in range(ROWS)],
}
DO_NOT = {
    "browser": ["firefox", "chrome", "safari"] * 20,
    "age": [str(20 + i * i % 23) for i in range(ROWS)],
    "price": [f"{i % 7}.5" for i in range(ROWS)],
    "band": ["20-29", "30-39", "40-49", "50-59", "60-69"] * 12,
    "id": [str(i) for i in range(ROWS)],  # never comes again
    "user": ["", *(["u1"] * 59)],  # not everywhere
    "age_years": [str(i * i % 23) for i in range(ROWS)],
    "reaction_time": [str(i * i % 29) for i in range(ROWS)],
}


@pytest.mark.parametrize("name", BELONG)
def test_a_column_that_says_to_what_rows_belong(name: str) -> None:
    found = beside(pd.DataFrame({name: BELONG[name]}))
    assert list(found.groups) == [name]
    assert not found.times


@pytest.mark.parametrize("name", DO_NOT)
def test_a_column_that_does_not(name: str) -> None:
    found = beside(pd.DataFrame({name: DO_NOT[name]}))
    assert not found.groups
    assert not found.times


def test_of_what_a_model_uses_only_what_is_called_so_counts() -> None:
    table = pd.DataFrame({name: BELONG[name] for name in ("user_id", "wer")})
    assert list(beside(table, modelled=list(table)).groups) == ["user_id"]


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["2025-03-01", "2025-03-02", "2025-03-01"], [0, 1, 0]),
        (["2025-03-01T06:00:00", "2025-03-02 12:00", "2025-03-01T06:00:00"], [0, 1.25, 0]),
        (["13.03.2025", "01.04.2025", "13.03.2025"], [0, 19, 0]),
        (["3/13/2025", "4/1/2025", "3/13/2025"], [0, 19, 0]),
    ],
)
def test_dates_are_days_and_rows_of_a_day_belong_together(
    cells: list[str], days: list[float]
) -> None:
    found = beside(pd.DataFrame({"seen": cells}))
    assert (found.times["seen"] - found.times["seen"][0]).tolist() == pytest.approx(days)
    assert found.groups["seen"].tolist() == [0, 1, 0]


def test_numbers_are_time_where_the_name_says_so() -> None:
    found = beside(pd.DataFrame({"week": ["3", "1", "2"], "weeks": ["3", "1", "2"]}))
    assert list(found.times) == ["week"]
    assert found.times["week"].tolist() == [3, 1, 2]
