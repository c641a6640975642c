"""Many data sets of one case: a table for spreadsheets, and an index that can be filtered."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from reports.blocks.numbers import figure, number
from reports.blocks.text import short, shortened
from reports.page.html import ENVIRONMENT, ICONS, SCRIPT, STYLE, TEMPLATES, policy, text_of
from reports.publishing.files import locked, publish
from reports.publishing.spreadsheet import table
from workflow.checking.status import Status
from workflow.deciding.many import expected_wrong
from workflow.quantities import Scalar

WITHHELD = 4
LEAST = 0.001  # a probability that is told as a number
LONGEST = 120  # characters of a name
COLUMNS = (
    *("data_set", "decision", "answer", "status", "reason", "warnings", "number_of", "median"),
    *("low", "high", "mcse", "prob_wrong", "prob_wrong_mcse", "rows", "exit_code", "page"),
    *("data", "sha256", "seed"),
)
ASSUMED = (
    "A choice is wrong where another option is better, by however little. The share is the mean, "
    "over the choices, of the posterior probability of that. It holds if the prior is right for "
    "these data sets, the model for each of them, and no two of them share rows; where true "
    "differences are smaller than the prior expects, more choices are wrong."
)
NOT_KNOWN = (
    "How many choices are expected to be wrong is not known: this case gives no probability that "
    "what it chose is not the best."
)
NOTHING = "There is no choice, so none can be wrong."
QUICK = (
    "A row without a page is a quick look, without ADVI and without other priors: at best WARN. "
    "Make the page of a data set before you act on it."
)


def write_batch(folder: Path, case: str, command: Sequence[str], rows: Sequence[Any]) -> None:
    """Write batch.csv and index.html of the rows (what `analyses._row.Row` has) into `folder`.

    Raises
    ------
    OutputError
        They cannot be written.
    """
    made = {"index.html": index(case, command, rows).encode(), "batch.csv": spreadsheet(rows)}
    with locked(folder):
        publish(folder, "batch", made)


def spreadsheet(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the rows as CSV, a row a data set; what is not known is empty."""
    return table(COLUMNS, [_cells(row) for row in rows]).encode("utf-8-sig")


def _cells(row: Mapping[str, Any]) -> list[object]:
    shown = row["shown"] or {}
    return [
        *(row["name"], row["decision"], row["answer"], row["status"], row["reason"]),
        *(row["warnings"], shown.get("label"), *(shown.get(one) for one in ENDS)),
        *(row["wrong"], row["wrong_mcse"], row["rows"], row["code"], row["page"]),
        *(row["data"], row["sha256"], row["seed"]),
    ]


ENDS = ("median", "low", "high", "mcse")


def index(case: str, command: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the index as HTML: what came out, and a row a data set."""
    script = text_of(TEMPLATES / "batch.js")
    return ENVIRONMENT.get_template("batch.html.j2").render(
        case=case,
        command=shlex.join(command),
        answer=counted(rows),
        share=share(rows),
        quick=QUICK if any(not row["page"] and not row["code"] for row in rows) else "",
        twice=same_data(rows),
        assumed=ASSUMED if _chances(rows) else "",
        number=_number(rows),
        rows=[_shown(row) for row in rows],
        icons=ICONS,
        more_script=Markup(script),
        policy=policy(styles=[STYLE], scripts=[SCRIPT, script]),
    )


def counted(rows: Sequence[Mapping[str, Any]]) -> str:
    """Say how many data sets there are, and how many of them have an answer, and which."""
    answered = [row for row in rows if row["code"] == 0]
    chosen = sum(_chosen(row) for row in answered)
    withheld = sum(row["code"] == WITHHELD for row in rows)
    parts = [f"{len(answered):,} answered"] + (
        [f"{chosen:,} of them by a choice"] if chosen else []
    )
    parts += [f"{withheld:,} withheld"] if withheld else []
    without = len(rows) - len(answered) - withheld
    parts += [f"{without:,} without a result"] if without else []
    sets = "data set" if len(rows) == 1 else "data sets"
    return f"{len(rows):,} {sets}: {', '.join(parts)}."


def share(rows: Sequence[Mapping[str, Any]]) -> str:
    """Say which share of the choices is expected to be wrong, and of how many that is known."""
    answered = [row for row in rows if row["code"] == 0]
    chances = _chances(rows)
    found = expected_wrong(chances)
    if found is None:
        chosen = any(row["decision"] is not None for row in answered)
        return NOT_KNOWN if chosen and not _decides(answered) else NOTHING
    n = len(chances)
    many = number(n * found.value, n * found.mcse or None)
    choices = "the one choice" if n == 1 else f"the {n:,} choices"
    warned = sum(_chosen(row) and row["warnings"] > 0 for row in answered)
    also = f" {warned:,} of these choices come with warnings of their own." if warned else ""
    error = f" (Monte Carlo error at most {figure(100 * found.mcse, 1)} points)" * bool(found.mcse)
    return f"Of {choices}, {many} are expected to be wrong: {chance(found.value)}{error}.{also}"


def chance(p: float) -> str:
    """Return a probability as a percentage, which a few thousand draws know to .1."""
    return f"{100 * p:.1f}%" if p >= LEAST else f"<{100 * LEAST:.1f}%"


def same_data(rows: Sequence[Mapping[str, Any]]) -> str:
    """Say how many data sets are, byte for byte, one that came before; "" where none is."""
    sums = [row["sha256"] for row in rows if row["sha256"]]
    n = len(sums) - len({*sums})
    if not n:
        return ""
    told = "1 data set is" if n == 1 else f"{n:,} data sets are"
    return f"{told}, byte for byte, the same as another one, and counted as if it were new data."


def _chances(rows: Sequence[Mapping[str, Any]]) -> list[Scalar]:
    """Return the probability that it is wrong of each choice that stands."""
    return [
        Scalar(row["wrong"], row["wrong_mcse"])
        for row in rows
        if row["code"] == 0 and row["wrong"] is not None
    ]


def _chosen(row: Mapping[str, Any]) -> bool:
    return row["wrong"] is not None


def _decides(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether the case has choices among options, though none was made."""
    return all(row["decision"] in {None, "not decided yet"} for row in rows)


def _number(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return what the numbers are called, if all rows call them the same."""
    names = {row["shown"]["column"] for row in rows if row["shown"]}
    return str(names.pop()) if len(names) == 1 else "number"


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the index shows of a row: its kind, a status or none, and texts."""
    kind = {0: "answered", WITHHELD: "withheld"}.get(row["code"], "without a result")
    shown, sure = row["shown"] or {}, row["wrong"]
    return {
        "name": shortened(row["name"], LONGEST),
        "kind": kind,
        "status": Status[row["status"]] if row["status"] else None,
        "decision": row["decision"] or "–",
        "told": f"{shown['label']}: {shown['told']}" if shown else "–",
        "wrong": "–" if sure is None else chance(sure),
        "warnings": row["warnings"],
        "said": short(row["answer"]) or row["reason"],
        "beware": row["reason"] if row["answer"] else "",
        "page": row["page"],
    }
