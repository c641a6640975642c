"""A case's whole page on a file: which of its warnings come, each by the function that gives it."""

import importlib
import inspect
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from unittest.mock import patch

import pandas as pd
import xarray as xr

from analyses._sampled import Sampled
from reports.page.page import Report
from reports.publishing.summary import Results
from workflow.checking.status import Status
from workflow.deciding import decision

WITHHELD = "The diagnosis refuses the answer"
PREDICTIVE = {True: "Prior predictive check", False: "Posterior predictive check"}
QUICK = {"quick": True, "quiet": True}


@dataclass(frozen=True)
class Sheet:
    """What stands in a file, and the settings that the case is run with."""

    table: pd.DataFrame
    settings: dict[str, object]


def warned(case: str, sheet: Sheet) -> set[str]:
    """Run the analysis with `--quick` on a sheet, and return which kinds of warning it gave.

    A kind is the first sentence of the docstring of the function that warns. The page itself is
    not written, and neither ADVI nor the sweep is run: what they warn of is not seen here.
    """
    main = importlib.import_module(f"analyses.{case}").main
    with tempfile.TemporaryDirectory() as folder, _heard() as kinds:
        path = Path(folder) / "data.csv"
        sheet.table.to_csv(path, index=False)
        main(data=path, out=Path(folder), **{**QUICK, **sheet.settings})
    return kinds


@contextmanager
def _heard() -> Iterator[set[str]]:
    """Collect the kinds of warning that reports are given; the last is whether draws were good."""
    kinds: set[str] = set()
    warn, warn_of = Report.warn, Report.warn_of

    def hear(report: Report, text: str, advice: str, at: str | None = None) -> None:
        frame = inspect.currentframe()
        caller = frame.f_back if frame else None
        if caller and not _quick(caller) and caller.f_code is not warn_of.__code__:
            kinds.add(_kind(caller))
        warn(report, text, advice)

    def check(report: Report, checks: list, text: str, advice: str, *, prior: bool = False) -> None:
        warn_of(report, checks, text, advice, prior=prior)
        if any(one.result is Status.WARN for one in checks):
            kinds.add(PREDICTIVE[prior])

    def save(report: Report, out: Path, tree: xr.DataTree, results: Results) -> int:
        if results.diagnosis.status is Status.FAIL:
            kinds.add(WITHHELD)
        if results.diagnosis.status is Status.WARN:
            kinds.add("The draws are worse than they should be")
        return 0

    with (
        patch.object(Report, "warn", hear),
        patch.object(Report, "warn_of", check),
        patch.object(Report, "save", save),
        patch.object(decision, "project", partial(decision.project, multiples=(2,))),
    ):
        yield kinds


def _quick(frame: FrameType) -> bool:
    return frame.f_code is Sampled.__init__.__code__


def _kind(frame: FrameType) -> str:
    """Return the first sentence of the docstring of the function that a frame runs."""
    said = str(frame.f_code.co_consts[0]) if frame.f_code.co_consts else ""
    return " ".join(said.partition("\n\n")[0].split()).rstrip(".") or frame.f_code.co_name
