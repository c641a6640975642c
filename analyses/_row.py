"""One data set of many: what its page would say, in a row; whatever happens, there is a row."""

import contextlib
import io
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import typer

from analyses._running import finished
from analyses._sampled import QUICK_LOOK
from data._how import SAID, said_of
from data._reading import AS_READ
from reports.blocks.wanted import numbers_only
from reports.publishing.sealed import read_summary
from workflow.deciding.many import wrong
from workflow.quantities import Scalar

type Pages = Literal["failed", "all", "none"]
WITHHELD, BUG, USAGE = 4, 1, 2
LONGEST = 2000  # characters of a reason


@dataclass(frozen=True)
class Row:
    """A data set: its answer, or why there is none.

    `code` is the exit code of its study. `warnings` are those of its own, without the one that a
    quick look always has; `wrong` is the probability that what was chosen is not the best. `page`
    is the page that was made, relative to the folder of the batch.
    """

    name: str
    data: str
    sha256: str
    code: int
    seed: int
    rows: int | None = None
    status: str = ""
    decision: str | None = None
    answer: str = ""
    reason: str = ""
    warnings: int = 0
    shown: dict[str, Any] | None = None
    wrong: float | None = None
    wrong_mcse: float | None = None
    page: str = ""
    key: str = field(default="", compare=False)


def row_of(
    name: str,
    path: Path,
    main: Callable[..., int],
    options: Mapping[str, Any],
    *,
    pages: Pages,
    folder: Path,
    stem: str,
) -> Row:
    """Run a study on the data at `path` for its row, and make its page where that is asked for.

    Without a page it is a quick look: no ADVI, no other priors, no figure, nothing written.
    """
    given = {**options, "data": path, "out": folder / "pages", "stem": stem, "quiet": True}
    found: dict[str, Any] | None = None
    code, said = 0, ""
    if pages != "all":
        with numbers_only() as kept:
            code, said = _finished(main, {**given, "quick": True})
        found = kept[-1] if kept else None
    page = pages == "all" or (pages == "failed" and code == WITHHELD)
    if page:
        code, said = _finished(main, given)
        made = code in {0, WITHHELD} and (given["out"] / f"{stem}.json").exists()
        found = read_summary(given["out"] / f"{stem}.json") if made else None
    row = _row(name, path, code, said, found, int(options["seed"]))
    for known in (SAID, AS_READ):  # of ten thousand files nobody needs what was noted
        known.pop(path.resolve(), None)
    return Row(**{**asdict(row), "page": f"pages/{stem}.html" if page and found else ""})


def _finished(main: Callable[..., int], options: dict[str, Any]) -> tuple[int, str]:
    """Run a study; return its exit code and what it said on stderr."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        try:
            code, _ = finished(main, options)
        except typer.BadParameter as error:
            code, told = USAGE, error.format_message()
            said.write(told)
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            said.write(f"{type(error).__name__}: {error} ({where.name})")
            code = BUG
    return code, said.getvalue().strip()


def _row(
    name: str, path: Path, code: int, said: str, found: Mapping[str, Any] | None, seed: int
) -> Row:
    """Return the row of a study that ended, by its summary if there is one."""
    contents = said_of(path).contents
    about: dict[str, Any] = {
        "name": name,
        "data": str(path),
        "sha256": AS_READ.get(path.resolve(), ""),
        "code": code,
        "seed": seed,
        "rows": contents.rows if contents else None,
    }
    if found is None:
        return Row(**about, reason=said[-LONGEST:] or f"it ended with exit code {code}")
    own = [one for one in found["warnings"] if one != " ".join(QUICK_LOOK)]
    scalars = {key: Scalar(**one) for key, one in found["scalars"].items() if _known(one)}
    sure = wrong(found["decision"], scalars)
    return Row(
        **about,
        status=found["status"],
        decision=found["decision"],
        answer=found["answer"],
        reason=own[0] if own else "",
        warnings=len(own),
        shown=found["shown"],
        wrong=None if sure is None else sure.value,
        wrong_mcse=None if sure is None else sure.mcse,
    )


def _known(scalar: Mapping[str, Any]) -> bool:
    """Say whether a scalar is a number, with an error; JSON has null for one that is not finite."""
    return None not in {scalar["value"], scalar["mcse"]}
