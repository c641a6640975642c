"""Cells that a spreadsheet takes for what they are."""

import pytest

from reports.publishing.spreadsheet import harmless, table


@pytest.mark.parametrize("cell", ["-0012", "+4917012345678", "-9007199254740993", "-5", "+1.5e-3"])
def test_a_number_with_a_sign_stays_as_it_was(cell: str) -> None:
    """An id can be joined back; what goes on behind the number may be a formula."""
    assert table(["id"], [[cell]]).splitlines()[1] == f'"{cell}"'
    assert harmless(f"{cell}+1") == f"'{cell}+1"
