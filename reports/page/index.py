"""The front page: cases, comparisons and proofs with a summary in the folder; who passed what."""

import shlex
from pathlib import Path
from typing import Any

import jinja2

from reports.blocks.blocks import Cell, Table
from reports.blocks.text import short
from reports.drawing.whiskers import drawn
from reports.page.played import played
from reports.publishing.files import publish
from reports.publishing.sealed import DamagedError, damage, read_summary
from workflow.checking.status import Status
from workflow.variational.advi import METHODS

HOW = (
    "A row is a case, a column a check; a cell is the worst of what the check found there. The "
    "diagnosis of the sampler has several checks (R-hat, ESS, divergences, ...): one that failed "
    "withholds the answer. "
    "“cannot fail” means that the model has a free parameter for every number in the data. ADVI is "
    "judged against NUTS; under “prior sweep” stands whether another prior would decide otherwise. "
    "A warning on the page may also come from what only that case checks."
)
NEEDED = {"decision", "warnings", "diagnostics", "advi", "sensitivity"}  # for the matrix


def write_index(folder: Path, environment: jinja2.Environment, icons: dict[Status, str]) -> Path:
    """Write index.html from the summaries (`*.json`) in `folder` and return its path.

    The caller holds the folder's lock. Where files are not those that a summary vouches for, the
    index says so in the place of the answer. Pages with a name of their own come after the others.
    """
    found = [one for path in sorted(folder.glob("[!.]*.json")) if (one := _read(path))]
    found.sort(key=lambda one: one.get("analysis") not in {None, one.get("case")})
    cases = [one for one in found if "case" in one]
    whole = [one for one in cases if one.keys() >= NEEDED]
    page = environment.get_template("index.html.j2").render(
        subjects=_by_subject(cases),
        comparisons=[(one, Status[one["status"]]) for one in found if "comparison" in one],
        proofs=[(one, Status[one["status"]]) for one in found if "proof" in one],
        matrix=matrix(whole) if whole else None,
        icons=icons,
        played=played(folder),
    )
    publish(folder, "index", {"index.html": page.encode()})
    return folder / "index.html"


def _by_subject(cases: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return what the cards say, by subject; cases that name none come last."""
    cards: dict[str, list[dict[str, Any]]] = {}
    for one in sorted(cases, key=lambda one: (not one.get("subject"), one.get("subject", ""))):
        card = {"title": one["title"], "question": one["question"], "answer": short(one["answer"])}
        card |= {"status": Status[one["status"]], "stem": one["case"], "shown": _shown(one)}
        cards.setdefault((one.get("subject") or "others").capitalize(), []).append(card)
    return cards


def _shown(one: dict[str, Any]) -> dict[str, Any] | None:
    """Return the first interval of the case's result: its label, the numbers, the drawing."""
    found = one.get("shown")
    if not found or not all(isinstance(found[end], float) for end in ("low", "median", "high")):
        return None
    svg = drawn(found["low"], found["median"], found["high"], zero=0.0)
    return {"label": found["label"], "told": found["told"], "svg": svg}


def matrix(cases: list[dict[str, Any]]) -> Table:
    """Return what every check found in every case, from their summaries: one row a case."""
    methods = list(dict.fromkeys(method for one in cases for method in one["advi"]))
    advi = [f"{METHODS.get(method, method)} ADVI" for method in methods]
    columns = ("case", "the page", "sampler", "prior predictive", "posterior predictive", *advi)
    rows = tuple(
        (
            one["title"],
            Status[one["status"]],
            _diagnosed(one),
            _predicted(one, "prior"),
            _predicted(one, "posterior"),
            *(one["advi"].get(method, {}).get("verdict", "–") for method in methods),
            _swept(one["sensitivity"], one["decision"]),
            str(len(one["warnings"])),
        )
        for one in cases
    )
    return Table("Cases by checks", (*columns, "prior sweep", "warnings on the page"), rows, HOW)


def _diagnosed(found: dict[str, Any]) -> Cell:
    """Return the worst status of the sampler's checks, "–" where none was made."""
    made = [Status[check["status"]] for check in found["diagnostics"]]
    return Status.worst(made) if made else "–"


def _predicted(found: dict[str, Any], which: str) -> Cell:
    """Return the worst result of a predictive check: a status, or "cannot fail"."""
    results = [c["result"] for c in found.get("predictive", {}).get(which, [])]
    statuses = [Status[one] for one in results if one in Status.__members__]
    if Status.worst(statuses) is not Status.PASS or (results and len(statuses) == len(results)):
        return Status.worst(statuses)
    return next((one for one in results if one not in Status.__members__), "–")


def _swept(found: dict[str, Any], decision: str | None) -> str:
    """Say in a few words whether the decision flips under another prior."""
    n, judged = len(found["points"]), sum(one["decision"] is not None for one in found["points"])
    if not n:
        return "left out"
    if decision is None or (found["failed"] == n and not judged):
        return "no decision" if decision is None else f"no fit passed ({n} priors)"
    many, unknown = "fit" if found["failed"] == 1 else "fits", found.get("not_judged", 0)
    failed = f", {found['failed']} {many} failed" if found["failed"] else ""
    failed += f", {unknown} not judged" if unknown else ""
    same = "same decision" if 2 * judged >= n else "not known"
    return f"{'flips' if found['decision_flips'] else same} ({n} priors{failed})"


def _read(path: Path) -> dict[str, Any] | None:
    """Return a summary; one without an answer where it is damaged; None for a file that is none."""
    try:
        found = read_summary(path)
    except DamagedError as error:
        ours = _is_page(path.with_suffix(".html"))
        return _damaged(path.stem, path.stem, [str(error)]) if ours else None
    needed = {"title", "question", "answer", "status", "provenance"}
    ours = path.stem in (found.get("case"), found.get("proof"), found.get("comparison"))
    if not needed <= found.keys() or not ours or found["status"] not in Status.__members__:
        return None
    wrong = damage(path.parent, found)
    again = found["provenance"]["command"] if found.keys() & {"analysis", "comparison"} else ""
    return _damaged(path.stem, found["title"], wrong, again) if wrong else found


def _is_page(path: Path) -> bool:
    """Say whether the file at `path` is a page of ours."""
    try:
        with path.open("rb") as file:
            return b"casebook</title>" in file.read(4096)
    except OSError:
        return False


def _damaged(stem: str, title: str, wrong: list[str], command: str = "") -> dict[str, Any]:
    """Return what the index says of a case or proof whose files are not as they were written."""
    kind = "proof" if stem.startswith("proof_") else "case"
    module = f"{'tests' if kind == 'proof' else 'analyses'}.{stem.removeprefix('proof_')}"
    again = command or f"python -m {shlex.quote(module)}"
    if stem.startswith("compare_"):
        kind, again = "comparison", command or "casebook compare, with the same fits"
    return {
        kind: stem,
        "title": title,
        "question": "",
        "answer": f"Not to be relied on: {'; '.join(wrong)}. Make it again: {again}",
        "status": Status.FAIL.name,
        "provenance": {"seconds": {}},
    }
