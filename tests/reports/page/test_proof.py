"""A proof's page and its line on the front page."""

from pathlib import Path

from reports.page.index import write_index
from reports.page.page import ENVIRONMENT, ICONS, Section
from reports.page.proof import Proof, origin
from workflow.checking.diagnostics import Status


def proof(status: Status) -> Proof:
    made = origin("python -m tests.x", seed=7, seconds={"all": 1.234}, settings={"replicates": 9})
    section = Section("What was done", ("<b>Nothing</b>.",))
    texts = ("example", "Example", "Does it work?", "It does <i>not</i>.")
    return Proof(*texts, status, "as said", (section,), made)


def test_page_and_index_say_the_same(tmp_path: Path) -> None:
    path = proof(Status.FAIL).save(tmp_path)
    page, index = (p.read_text("utf-8") for p in (path, tmp_path / "index.html"))
    assert path.name == "proof_example.html"
    for text in (page, index):
        assert "It does &lt;i&gt;not&lt;/i&gt;." in text
        assert "FAIL" in text
    assert "&lt;b&gt;Nothing&lt;/b&gt;" in page
    assert "python -m tests.x" in page
    assert "replicates = 9" in page
    assert 'href="proof_example.html"' in index


def test_a_folder_without_proofs_has_no_such_table(tmp_path: Path) -> None:
    proof(Status.PASS).save(tmp_path)
    (tmp_path / "proof_example.json").unlink()
    index = write_index(tmp_path, ENVIRONMENT, ICONS)
    assert "<caption>Proofs" not in index.read_text("utf-8")
