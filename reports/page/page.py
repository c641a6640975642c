"""One analysis as one page: the answer first, then the argument, then where it all comes from."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import xarray as xr

from reports.blocks.blocks import Block, Figure, Table
from reports.blocks.text import in_words
from reports.blocks.wanted import keep, page_wanted
from reports.page.argument import Argument
from reports.page.html import ENVIRONMENT, ICONS
from reports.page.index import write_index
from reports.page.methods import paragraph
from reports.page.played import played
from reports.page.rendering import PARTS, Part, Section, helps
from reports.page.shown import first
from reports.publishing.files import HTML, check_writable, locked, publish
from reports.publishing.provenance import Provenance, Sources, command, commit, shown, versions
from reports.publishing.sealed import seal
from reports.publishing.spreadsheet import estimates
from reports.publishing.summary import Results, summary
from reports.publishing.trees import to_netcdf
from reports.terminal.progress import Steps, tell
from workflow.checking.diagnostics import Diagnosis, Status

MEANING = {
    Status.PASS: "every check passed",
    Status.WARN: "read the warnings below before you act on it",
    Status.FAIL: "not usable: a check of the sampler failed",
}
DONE, CHANGED, FAILED = 0, 3, 4
SAMPLER = "Can we trust the sampler?"


class Report(Argument):
    """Collects the argument of one analysis and writes it as <name>.html, .json and .nc.

    `case` is then what the files are called, and `of` the case.

    Parameters
    ----------
    case, name
        Stem of the case, and what its files are called if not the same.
    title, question
        Plain text; the question is the page's heading.
    data, others, as_read
        Files that numbers come from; SHA-256 of what was read of them, see `Sources`.
    settings
        The arguments of the analysis' `main` by name: what the command that is shown says.

    Raises
    ------
    OutputError
        Nothing can be written to `out`, one of the settings: better known now than at the end.
        Where only the numbers are wanted (`reports.blocks.wanted`), nothing is written.
    """

    def __init__(
        self,
        case: str,
        *,
        title: str,
        question: str,
        name: str = "",
        data: Path,
        settings: dict[str, object],
        others: Sequence[Path] = (),
        as_read: Mapping[Path, str] | None = None,
    ) -> None:
        if wanted := page_wanted():
            check_writable(Path(str(settings.get("out", HTML))))
        self.case, self.of = name or case, case
        self.title, self.question = title, " ".join(question.split())
        self.data, self.settings = data, settings
        self.sources = Sources((data, *others), as_read or {})
        self.commit = commit() if wanted else ""
        super().__init__()
        self.answer = ""
        self.picture: Figure | None = None
        self.result: tuple[Table, ...] = ()
        self.subject = ""  # what the index groups it under
        self.model = ""  # what it assumes, in a sentence, with the settings of its prior
        self.steps = Steps(self.case, quiet=bool(settings.get("quiet")))

    def step(self, name: str) -> None:
        """Name on stderr what comes next, and measure how long it takes."""
        self.steps.begin(name)

    def decide(self, answer: str, picture: Figure, *result: Table) -> None:
        """Set the first sentence, the figure beside it, and the result: a table row an option."""
        self.answer, self.picture, self.result = answer, picture, result

    def save(self, out: Path, tree: xr.DataTree, results: Results) -> int:
        """Publish page, draws, numbers and index; print the answer; return the exit code.

        Where the diagnosis failed, the answer is withheld and the page, the summary and the printed
        line say why. The exit code is then 4, else 0; 3, and nothing is written, where the data
        file is no longer what it was.

        Raises
        ------
        OutputError
            They cannot be written; what was there before is whole.
        """
        changed = self.sources.changed()
        if changed:
            names = ", ".join(map(str, changed))
            sys.stderr.write(f"{names}: changed while the analysis ran; run it again\n")
            return CHANGED
        if results.diagnosis.status is Status.WARN:
            said = f"The draws are worse than they should be: {_reasons(results.diagnosis)}."
            self.warn(said, "See the diagnosis.", at=SAMPLER)
        failed = results.diagnosis.status is Status.FAIL
        status = Status.worst([results.diagnosis.status, *([Status.WARN] if self.warnings else [])])
        answer = _withheld(results.diagnosis) if failed else self.answer
        warnings = [f"{w.text} {w.advice}" for w in self.warnings]
        about = (self.case, self.title, self.question, answer, status, warnings)
        told = (None if failed else first(self.result), self.subject, self.predictive)
        if not page_wanted():
            keep(summary(*about, results, *told))
            return FAILED if failed else DONE
        self.step("write")
        files: dict[str, bytes | memoryview] = {f"{self.case}.nc": to_netcdf(tree)}
        files[f"{self.case}.csv"] = estimates(results.quantities)
        self.steps.end()
        provenance = self._provenance(str(tree.attrs.get("compiling", "")))
        methods = paragraph(self.model, tree, results, self.predictive, provenance)
        made = answer, status, results.diagnosis, provenance, methods, out
        files[f"{self.case}.html"] = self._rendered(*made).encode()
        found = summary(*about, results, *told, provenance) | {"analysis": self.of}
        files[f"{self.case}.json"] = seal(found, files)
        with locked(out):
            publish(out, self.case, files)
            write_index(out, ENVIRONMENT, ICONS)
        self.steps.say(f"{self.case}: page {(out / self.case).resolve()}.html")
        tell(f"{status.value}: {answer}")
        return FAILED if failed else DONE

    def _rendered(
        self,
        answer: str,
        status: Status,
        diagnosis: Diagnosis,
        provenance: Provenance,
        methods: str,
        out: Path,
    ) -> str:
        """Return the page as HTML; where the diagnosis failed, without picture and result."""
        failed, parts = diagnosis.status is Status.FAIL, self.parts()
        return ENVIRONMENT.get_template("page.html.j2").render(
            report=self,
            answer=answer,
            picture=None if failed else self.picture,
            result=() if failed else self.result,
            parts=parts,
            headings=PARTS,
            helps=helps([self.picture, *self.result, *_blocks(parts)]),
            status=status,
            icons=ICONS,
            meaning=MEANING[status],
            failed=failed,
            checks=diagnosis.checks,
            provenance=provenance,
            methods=methods,
            played=played(out, self.of),
        )

    def _provenance(self, compiling: str) -> Provenance:
        return Provenance(
            data=shown(self.data),
            data_sha256=self.sources.sums[self.data],
            other_data={shown(p): s for p, s in self.sources.sums.items() if p != self.data},
            commit=self.commit,
            seed=int(str(self.settings["seed"])),
            versions=versions(),
            command=command(self.of, self.settings),
            settings={name: shown(value) for name, value in self.settings.items()},
            seconds={name: round(took, 2) for name, took in self.steps.seconds.items()},
            compiling=compiling,
        )


def _blocks(parts: Mapping[Part, Sequence[Section]]) -> list[Block]:
    return [block for sections in parts.values() for one in sections for block in one.blocks]


def _withheld(diagnosis: Diagnosis) -> str:
    """Say that there is no answer, and why."""
    return (
        "The answer is withheld, because the sampler cannot be trusted here: "
        f"{_reasons(diagnosis)}."
    )


def _reasons(diagnosis: Diagnosis) -> str:
    return in_words("; ".join(diagnosis.reasons()))
