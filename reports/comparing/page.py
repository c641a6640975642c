"""The two pages: models of one outcome side by side, and what changed between two runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.blocks.blocks import Block, Table
from reports.blocks.text import listed
from reports.comparing import changed as before_after, differing, forms, tables, words
from reports.comparing.summary import summary
from reports.page.comparison import Comparison
from workflow.checking.status import Status
from workflow.comparing import directions, models
from workflow.comparing.changes import both_scalars, changes, counts
from workflow.comparing.drawn import on_one_axis
from workflow.comparing.saved import Saved
from workflow.comparing.telling import telling_rows

TRUST = "Can leave-one-out be trusted?"
HOW_FITS = (
    "One row a fit: the status of its own page, how many warnings stand there, and its answer. A "
    "comparison is no better than the fits that are compared: a model that predicts best may "
    "still not reproduce the data."
)


@dataclass(frozen=True)
class About:
    """What the page is called, the command that makes it, the pages of the fits, and checksums."""

    name: str
    command: str
    pages: Mapping[str, str]
    files: Mapping[str, str]

    def page(self, question: str) -> Comparison:
        """Return an empty page."""
        title = f"Side by side: {', '.join(self.pages)}"
        return Comparison(
            self.name,
            title=title,
            question=question,
            command=self.command,
            pages=self.pages,
            files=self.files,
        )


def side_by_side(
    fits: Sequence[Saved], about: About, exact: models.Exact
) -> tuple[Comparison, dict[str, Any]]:
    """Return the page of models of one outcome, and the numbers for its summary."""
    found = models.side_by_side(fits, exact)
    page = about.page(words.QUESTION)
    decided = _decisions(page, found)
    _coefficients(page, found)
    _rows(page, found)
    _trust(page, found)
    page.section(
        "Is it the same outcome?", *forms.forms(found), part="checks", line=forms.forms_line(found)
    )
    _warn_of_files(page, fits)
    _their_pages(page, fits)
    _differ(page, fits)
    page.conclude(f"{words.answer(found)} {decided}".strip(), tables.models(found))
    return page, summary(found)


def _decisions(page: Comparison, found: models.SideBySide) -> str:
    """Add the decision under each model and under the average; return a sentence on it."""
    fits = [model.fit for model in found.models]
    weighed = [model for model in found.known if model.name in found.weights]
    sure = directions.sure_of([model.fit for model in weighed]) if weighed else None
    terms = []
    if sure is not None:
        rising = {model.name: model.form.rising for model in weighed}
        within = [model.fit for model in weighed]
        terms = directions.average(within, found.weights, rising, sure)
    averaged = directions.in_words(terms) if terms else None
    hang = directions.differing(terms)
    blocks: list[Block] = [words.rule(found), tables.decisions(fits, found.weights, averaged)]
    blocks += [tables.directions(hang)] if hang else []
    blocks += [] if terms else [words.NO_AVERAGE]
    if without := directions.entangled(fits):
        blocks.append(words.not_compared(sorted(without)))
    said = words.decided(fits, terms, hang)
    also = f" Under their average: {averaged}." if averaged else ""
    page.section("The decision", *blocks, line=f"{said}{also}")
    return said


def _coefficients(page: Comparison, found: models.SideBySide) -> None:
    drawn = on_one_axis(found)
    fits = [model.fit for model in found.models]
    page.section(
        "Coefficients side by side",
        tables.coefficients(fits, drawn),
        *([] if drawn else [words.NOT_DRAWN]),
        line="Each in its own unit, a column a model.",
    )


def _rows(page: Comparison, found: models.SideBySide) -> None:
    if len(found.known) < 2:
        return
    one, other = found.known[:2]
    rows = telling_rows(one, other, found.y)
    table = tables.telling(rows, one.name, other.name, found.column, one.fit.row_word)
    line = f"The {len(rows)} rows in which {one.name} and {other.name} differ most."
    page.section("Which rows tell the models apart?", table, line=line)


def _trust(page: Comparison, found: models.SideBySide) -> None:
    """Add how each elpd was found; warn of models of which nothing is claimed, and what to do."""
    bad = [model for model in found.models if not model.known]
    told = [words.trusted(model) for model in found.models]
    line = listed([words.trusted_line(model) for model in found.models], 200)
    page.section(TRUST, *told, *([words.WHAT_TO_DO] if bad else []), part="checks", line=f"{line}.")
    for model in bad:
        page.warn(
            f"Nothing is claimed of {model.name}: leave-one-out from its draws cannot be trusted "
            f"({len(model.above):,} rows with k-hat above {model.good_k:.2f}).",
            words.WHAT_TO_DO,
        )


def _warn_of_files(page: Comparison, fits: Sequence[Saved]) -> None:
    if len({fit.data_sum for fit in fits}) > 1:
        page.warn(
            "The fits read files that are not the same (SHA-256).",
            "The outcome is the same row by row; make sure that the rows are the same things, and "
            "see what differs.",
        )


def _their_pages(page: Comparison, fits: Sequence[Saved]) -> None:
    rows = tuple(
        (
            fit.name,
            Status[fit.summary["status"]],
            str(len(fit.summary["warnings"])),
            str(fit.summary["answer"]),
        )
        for fit in fits
    )
    columns = ("fit", "status", "warnings", "answer")
    table = Table("What the pages of the fits say", columns, rows, HOW_FITS)
    warned = [fit.name for fit in fits if fit.summary["status"] != "PASS"]
    page.section(
        "What do the pages of the fits say?",
        table,
        part="checks",
        line=f"Read the warnings on {', '.join(warned)}." if warned else "All passed.",
        verdict=Status.worst(Status[fit.summary["status"]] for fit in fits),
    )
    if warned:
        page.warn(
            f"The pages of {', '.join(warned)} have warnings of their own.",
            "A comparison is no better than the fits: read these first.",
        )


def _differ(page: Comparison, fits: Sequence[Saved]) -> None:
    names = [row[0].replace("_", " ") for row in differing.differences(fits)]
    line = f"Other: {listed(names, 150)}." if names else "Nothing but the files differs."
    page.section("What differs between the fits", differing.differ(fits), part="repeat", line=line)


def changed(fits: Sequence[Saved], about: About) -> tuple[Comparison, dict[str, Any]]:
    """Return the page of what changed between two runs, and the numbers for its summary."""
    before, after = fits
    names = [fit.name for fit in fits]
    found, sizes = changes(before, after), [counts(fit) for fit in fits]
    page = about.page(before_after.QUESTION)
    page.section(
        "The decision", before_after.decisions(before, after), line=before_after.decided(*fits)
    )
    if scalars := both_scalars(before, after):
        table = before_after.scalars(scalars, names)
        line = f"{len(scalars):,} of them, before and after."
        page.section("Probabilities and losses", table, line=line)
    page.section("Why is there no elpd?", line=before_after.NO_ELPD, part="checks", verdict="none")
    _their_pages(page, fits)
    _differ(page, fits)
    result = before_after.data(sizes[0], sizes[1], names), before_after.quantities(found, names)
    page.conclude(before_after.answer(before, after, found), *result)
    told = [{"name": one.name, "difference": one.value, "sds": one.sds} for one in found]
    runs = [
        {"name": fit.name, "data": size, "decision": fit.decision}
        for fit, size in zip(fits, sizes, strict=True)
    ]
    return page, {"runs": runs, "changes": told}
