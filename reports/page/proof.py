"""A proof as one page: what the casebook itself was tested against, and how that ended."""

from dataclasses import asdict, dataclass
from pathlib import Path

from reports.page.index import write_index
from reports.page.page import ENVIRONMENT, ICONS, Section
from reports.publishing.files import locked, publish
from reports.publishing.provenance import Provenance, commit, sha256, shown, versions
from reports.publishing.sealed import seal
from workflow.checking.diagnostics import Status


@dataclass(frozen=True)
class Proof:
    """A page about the casebook: a question, the answer in a sentence, and the evidence.

    `name` is the stem of its files; `meaning` says in words what the status means here.
    """

    name: str
    title: str
    question: str
    answer: str
    status: Status
    meaning: str
    sections: tuple[Section, ...]
    provenance: Provenance

    def save(self, out: Path) -> Path:
        """Write `proof_<name>.html`, `proof_<name>.json` and the index; return the page's path."""
        stem = f"proof_{self.name}"
        page = ENVIRONMENT.get_template("proof.html.j2").render(proof=self, icons=ICONS)
        files: dict[str, bytes | memoryview] = {f"{stem}.html": page.encode()}
        said = {
            "proof": stem,
            "title": self.title,
            "question": self.question,
            "answer": self.answer,
            "status": self.status.value,
            "provenance": asdict(self.provenance),
        }
        files[f"{stem}.json"] = seal(said, files)
        with locked(out):
            publish(out, stem, files)
            write_index(out, ENVIRONMENT, ICONS)
        return out / f"{stem}.html"


def origin(
    command: str,
    *,
    seed: int,
    seconds: dict[str, float],
    settings: dict[str, object] | None = None,
    files: tuple[Path, ...] = (),
) -> Provenance:
    """Return where a proof comes from; `files` are those whose numbers it begins from."""
    return Provenance(
        data="simulated" if not files else "simulated, beginning from the files below",
        data_sha256="",
        other_data={shown(path): sha256(path) for path in files},
        commit=commit(),
        seed=seed,
        versions=versions(),
        command=command,
        settings={name: shown(value) for name, value in (settings or {}).items()},
        seconds={name: round(took, 2) for name, took in seconds.items()},
    )
