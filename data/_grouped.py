"""Groups of one population as a file has them, and what all its layouts have in common."""

from dataclasses import dataclass, field

import pandas as pd
import pandera.pandas as pa

from data._beside import Beside

RATES, EFFECTS, MEANS = "rates", "effects", "means"


@dataclass(frozen=True)
class Grouped:
    """The groups, in the order of the file, and of which kind they are.

    `table` has `group`, and `successes` and `trials` (`RATES`), `effect` and `standard_error`
    (`EFFECTS`), or `mean`, `size` and `square` (`MEANS`: of the rows of the group, the last the sum
    of squares around its mean); perhaps `later_successes` and `later_trials`, or `later`. Of a file
    with a row a trial `rows` has `arm` and `conversions` (0 or 1), of one with a row a measurement
    `arm` and `value`, and `beside` what rows belong to. `called` is what the file calls the groups.
    """

    kind: str
    table: pd.DataFrame
    rows: pd.DataFrame | None = None
    beside: Beside = field(default_factory=Beside)
    called: str = "group"


def label() -> pa.Check:
    """Check that a cell can be shown as the name of a group."""
    return pa.Check(
        lambda cell: cell.str.fullmatch(r"[^\x00-\x1f\x7f]{1,200}"),
        error="a label (1 to 200 printable characters)",
    )


def once() -> pa.Check:
    """Check that a group has one line alone."""
    return pa.Check(
        lambda cell: ~cell.str.split().str.join(" ").str.casefold().duplicated(),
        error="the name of one group alone (it comes again); groups that share data are not "
        "independent: give each group one line with all its data",
    )


def exposed(table: pd.DataFrame) -> list[str]:
    """Say where events over an exposure go, which may be more than one in each unit of it."""
    if not {"events", "exposure"} <= {*table} or "trials" in table:
        return []
    return [
        "events over an exposure are no successes of trials: give the log of each group's rate "
        "with its standard error, 1 / sqrt(events), where none has few events (group,effect,"
        "standard_error); else `casebook new my_case` writes a case for such counts"
    ]
