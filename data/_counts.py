"""Checks for columns of counts, or of what happened or did not: whole numbers, 0/1, false/true."""

import pandas as pd
import pandera.pandas as pa

LARGEST = 10**9  # a count: from 10**10 on, NUTS was seen to miss the posterior

TRUTH = {"1": 1, "true": 1, "0": 0, "false": 0}
_WHOLE = r"[0-9]+(\.0*)?"


def whole() -> list[pa.Check]:
    """Check that a cell is a whole number, and not absurdly large."""
    number = pa.Check(lambda cell: cell.str.fullmatch(_WHOLE), error="a whole number of 0 or more")
    small = pa.Check(
        lambda cell: ~(pd.to_numeric(cell, errors="coerce") > LARGEST), error=f"at most {LARGEST:,}"
    )
    return [number, small]


def not_zero() -> pa.Check:
    """Check that a cell is not zero."""
    return pa.Check(lambda cell: ~cell.str.fullmatch(r"0+(\.0*)?"), error="1 or more")


def happened() -> pa.Check:
    """Check that a cell says whether something happened: a key of TRUTH, in any case."""
    return pa.Check(lambda cell: cell.str.lower().isin(TRUTH), error="0, 1, false or true")
