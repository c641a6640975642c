"""Saved fits side by side as one page: the answer, a row a model, the checks, where it is from."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reports.blocks.blocks import Figure, Table
from reports.page.argument import Argument
from reports.page.html import ENVIRONMENT, ICONS
from reports.page.index import write_index
from reports.page.rendering import PARTS, helps
from reports.publishing.files import locked, publish
from reports.publishing.provenance import commit, versions
from reports.publishing.sealed import seal
from reports.publishing.summary import plain
from workflow.checking.status import Status

MEANING = {
    Status.PASS: "every check of the comparison and of the fits passed",
    Status.WARN: "read the warnings below before you act on it",
    Status.FAIL: "not usable",
}


class Comparison(Argument):
    """Collects a comparison of saved fits and writes it as <name>.html and .json.

    `pages` are the fits by name, each with the address of its page ("" for none), `files` the
    SHA-256 of what was read. `origin` says where numbers come from that are not of fits.
    """

    def __init__(
        self,
        name: str,
        *,
        title: str,
        question: str,
        command: str,
        pages: Mapping[str, str],
        files: Mapping[str, str],
        origin: str = "",
    ) -> None:
        super().__init__()
        self.origin = origin or f"{len(pages)} saved fits, nothing drawn again"
        self.picture: Figure | None = None
        self.name, self.title, self.question = name, title, question
        self.command, self.pages, self.files = command, pages, files
        self.answer = ""
        self.result: tuple[Table, ...] = ()

    def conclude(self, answer: str, *result: Table) -> None:
        """Set the first sentence and the result: a table with a row a model, or a quantity."""
        self.answer, self.result = answer, result

    def save(
        self, out: Path, statuses: Sequence[Status], found: Mapping[str, Any], seconds: float
    ) -> Status:
        """Write page, summary (with `found`) and index; return the status of the page.

        That is the worst of the fits' `statuses`, WARN at best where there are warnings.

        Raises
        ------
        OutputError
            They cannot be written; what was there before is whole.
        """
        status = Status.worst([*statuses, *([Status.WARN] if self.warnings else [])])
        provenance = {
            "command": self.command,
            "commit": commit(),
            "versions": versions(),
            "files": dict(self.files),
            "seconds": {"compare": round(seconds, 2)},
        }
        parts = self.parts()
        blocks = [block for sections in parts.values() for one in sections for block in one.blocks]
        page = ENVIRONMENT.get_template("comparison.html.j2").render(
            report=self,
            parts=parts,
            headings=PARTS,
            helps=helps([*self.result, *([self.picture] if self.picture else []), *blocks]),
            status=status,
            icons=ICONS,
            meaning=MEANING[status],
            provenance=provenance,
        )
        files: dict[str, bytes | memoryview] = {f"{self.name}.html": page.encode()}
        said = {
            "comparison": self.name,
            "title": self.title,
            "question": self.question,
            "answer": self.answer,
            "status": status,
            "warnings": [f"{w.text} {w.advice}" for w in self.warnings],
            **found,
            "provenance": provenance,
        }
        files[f"{self.name}.json"] = seal({key: plain(value) for key, value in said.items()}, files)
        with locked(out):
            publish(out, self.name, files)
            write_index(out, ENVIRONMENT, ICONS)
        return status
