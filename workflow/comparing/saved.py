"""A fit as its files have it: the draws, and the summary that vouches for them."""

import dataclasses
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr

from workflow.quantities import Quantity, Scalar
from workflow.sampling.part import part_of

ROW = "row"
CALLED = re.compile(r"(?:np\.)?(\w+)\((.*)\)")  # a function of a column


class NotComparableError(ValueError):
    """The fits cannot be compared; the message is one line that says why, and what to do."""


@dataclass(frozen=True)
class Saved:
    """A saved fit: what it is called here, its summary (the JSON beside the draws), its draws."""

    name: str
    summary: Mapping[str, Any]
    tree: xr.DataTree

    @property
    def case(self) -> str:
        """The analysis that made it, whatever its files are called."""
        return str(self.summary.get("analysis") or self.summary["case"])

    @property
    def settings(self) -> Mapping[str, str]:
        """The settings of the analysis, as text."""
        found: Mapping[str, str] = self.summary["provenance"]["settings"]
        return found

    @property
    def data_sum(self) -> str:
        """The SHA-256 of the data file."""
        return str(self.summary["provenance"]["data_sha256"])

    @property
    def decision(self) -> str | None:
        """The decision; None where the page withholds it."""
        found: str | None = self.summary["decision"]
        return found

    @cached_property
    def quantities(self) -> dict[str, Quantity]:
        """The posterior summaries; what is not finite is null in the file, and NaN here."""
        fields = {f.name for f in dataclasses.fields(Quantity)}
        return {
            name: Quantity(
                **{key: _number(key, value) for key, value in one.items() if key in fields}
            )
            for name, one in self.summary["quantities"].items()
        }

    @cached_property
    def scalars(self) -> dict[str, Scalar]:
        """The posterior expectations by name."""
        found = self.summary["scalars"].items()
        return {name: Scalar(_float(one["value"]), _float(one["mcse"])) for name, one in found}

    @property
    def densities(self) -> xr.Dataset:
        """The log-likelihood of every row (or arm) and draw; without variables if there is none."""
        groups = self.tree.children
        return groups["log_likelihood"].to_dataset() if "log_likelihood" in groups else xr.Dataset()

    @property
    def by_row(self) -> xr.DataArray | None:
        """The log-likelihood with the dims chain, draw, row; None where there is none like that."""
        found = list(self.densities.data_vars.values())
        if len(found) != 1 or {*found[0].dims} != {"chain", "draw", ROW}:
            return None
        return found[0].astype(float)

    @property
    def outcome(self) -> np.ndarray:
        """The outcome row by row, of a fit that has a log-likelihood by row."""
        (name,) = self.densities.data_vars
        found: np.ndarray = self.tree["observed_data"][str(name)].to_numpy()
        return found

    @property
    def lines(self) -> np.ndarray:
        """What the rows are called, such as their lines in the file."""
        found: np.ndarray = self.densities[ROW].to_numpy()
        return found

    @property
    def rows(self) -> int:
        """How many rows the data have, those among them that the log-likelihood leaves out."""
        part = part_of(self.tree)
        return part.of_rows if part else len(self.lines)

    @cached_property
    def design(self) -> Mapping[str, Any]:
        """What it keeps for new rows; empty where it keeps nothing."""
        there = "design" in self.tree.children
        found: Mapping[str, Any] = json.loads(self.tree["design/json"].item()) if there else {}
        return found

    @property
    def outcome_name(self) -> str | None:
        """What a regression predicts; None of another case."""
        return self.design["outcome"]["name"] if "outcome" in self.design else None

    @property
    def row_word(self) -> str:
        """What the numbers of rows count: lines of the file, or the trials of its lines."""
        return "trial" if self.design.get("trials") else "line"

    @property
    def outcome_written(self) -> tuple[str, str] | None:
        """The outcome as the formula has it, as function and column; None without a formula.

        The function is "" where there is none.
        """
        left = (self.settings.get("formula") or "None").partition("~")
        if not left[1]:
            return None
        text = left[0].strip()
        found = CALLED.fullmatch(text)
        return (found[1], found[2].strip()) if found else ("", text)


def _number(key: str, value: Any) -> Any:
    if key == "interval" or (value is None and key in {"mean", "sd", "mcse_mean"}):
        return value
    return _float(value)


def _float(value: float | None) -> float:
    return math.nan if value is None else float(value)
