"""Files that are truncated, altered, missing or of another run; pickles; what is made again."""

import pickle
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from analyses import _build
from reports.page.index import write_index
from reports.page.page import DONE, ENVIRONMENT, FAILED, ICONS
from reports.publishing import fresh
from reports.publishing.files import locked
from reports.publishing.provenance import ROOT, sha256, versions
from reports.publishing.sealed import DamagedError, seal
from reports.publishing.trees import read_tree, to_netcdf
from tests.faults.disk import in_this_process
from tests.faults.fault import Fault, publish_set

CASE, DATA = "ab_test", "data/ab_test.csv"
COMMAND, COMMIT = "python -m analyses.ab_test --data data/ab_test.csv", "0123abcd"
DAMAGES: dict[str, Callable[[Path], object]] = {
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "empty": lambda path: path.write_bytes(b""),
    "altered by a bit": lambda path: path.write_bytes(_flipped(path.read_bytes())),
    "missing": Path.unlink,
    "a folder": lambda path: _made_a_folder(path),
}


class Bomb:
    """An object that, when it is unpickled, makes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple:
        return (Path.touch, (self.path,))


def real_set(folder: Path, status: str = "PASS", other: dict[str, object] | None = None) -> Path:
    """Publish the A/B test with a real tree and the provenance of this very code."""
    tree = xr.DataTree.from_dict({"posterior": xr.Dataset({"x": ("draw", np.arange(50.0))})})
    files: dict[str, bytes | memoryview] = {f"{CASE}.nc": to_netcdf(tree)}
    files |= {f"{CASE}.csv": b"quantity\n", f"{CASE}.html": b"<title>A/B test - casebook</title>"}
    origin: dict[str, object] = {
        "data": DATA,
        "data_sha256": sha256(ROOT / DATA),
        "other_data": {},
        "seconds": {},
    }
    origin |= {"commit": COMMIT, "versions": versions(), "command": COMMAND, **(other or {})}
    said: dict[str, object] = {
        "case": CASE,
        "title": "A/B test",
        "question": "Which?",
        "answer": "Choose B.",
    }
    files[f"{CASE}.json"] = seal({**said, "status": status, "provenance": origin}, files)
    publish_set(folder, files)
    return folder


def made_again(folder: Path) -> str:
    """Return why `casebook build` makes the A/B test in `folder` again; "" if it does not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fresh, "commit", lambda: COMMIT)
        return fresh.why_again(folder, CASE, lambda: COMMAND)[0]


def damaged(folder: Path) -> str:
    """Damage each file of a report in each way."""
    assert made_again(real_set(folder / "whole")) == ""
    assert read_tree(folder / "whole" / f"{CASE}.nc")["posterior"]["x"].size == 50
    said = set()
    for kind in ("nc", "csv", "html", "json"):
        for damage, act in DAMAGES.items():
            out = real_set(folder / f"{kind} {damage}")
            act(out / f"{CASE}.{kind}")
            why = made_again(out)
            assert why, f"{kind} {damage}: taken for good"
            said.add(why)
            if kind in {"nc", "json"}:
                with pytest.raises(DamagedError):
                    read_tree(out / f"{CASE}.nc")
            _index_says_so(out, known=kind != "html" and (kind, damage) != ("json", "missing"))
    return f"{4 * len(DAMAGES)} times it was noticed, such as: " + "; ".join(sorted(said)[:4]) + "."


def _index_says_so(out: Path, *, known: bool) -> None:
    """Check the index; without a page or a summary it need not know that there was a case."""
    with locked(out):
        page = write_index(out, ENVIRONMENT, ICONS).read_text()
    assert "Choose B" not in page
    assert "Not to be relied on" in page or not known


def _made_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def changed(folder: Path) -> str:
    """Change what a report depends on, one thing at a time."""
    older = dict.fromkeys(versions(), "0")
    origins: dict[str, dict[str, object]] = {
        "data": {"data_sha256": "0" * 64},
        "file that is gone": {"other_data": {"data/none.csv": "0" * 64}},
        "code": {"commit": "another"},
        "options": {"command": COMMAND + " --alpha 2"},
        "versions": {"versions": older},
    }
    for name, origin in origins.items():
        assert made_again(real_set(folder / name, other=origin)), f"{name}: not noticed"
    for now in ("unknown", f"{COMMIT}+changes"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(fresh, "commit", lambda now=now: now)
            assert fresh.why_again(real_set(folder / now), CASE, lambda: COMMAND)[0]
    return "Made again after each of: " + ", ".join([*origins, "code not committed or not known"])


def left_alone(folder: Path) -> str:
    """Run `casebook build` on a report that is up to date, and on one that is altered."""
    computed: list[str] = []

    async def instead(case: str, *_: object) -> _build.Outcome:
        computed.append(case)
        return _build.Outcome(case, 7, None)

    def built(out: Path) -> int:
        return _build.build([CASE], out, jobs=1, quiet=True, as_json=False)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fresh, "commit", lambda: COMMIT)
        patch.setattr(_build, "_shown_command", lambda _: COMMAND)
        patch.setattr(_build, "_run", instead)
        codes = [built(real_set(folder / status, status)) for status in ("PASS", "FAIL")]
        assert (codes, computed) == ([DONE, FAILED], [])
        altered = real_set(folder / "altered")
        (altered / f"{CASE}.nc").write_bytes(b"x")
        assert (built(altered), computed) == (7, [CASE])
    return (
        "Left alone, with the exit code it had (0, or 4 where it failed); the altered one is run."
    )


def bombs(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield files with a pickle in them that makes the file `boom` when it is loaded."""
    boom = folder / "boom"
    yield "a pickle", pickle.dumps(Bomb(boom))
    for name, value in (("array", np.array([Bomb(boom)], dtype=object)),):
        np.save(folder / f"{name}.npy", value, allow_pickle=True)
        yield "an array of objects", (folder / f"{name}.npy").read_bytes()


def pickles(folder: Path) -> str:
    """Give pickles as data and as draws."""
    for name, content in bombs(folder):
        data = folder / "bomb.csv"
        data.write_bytes(content)
        code, said = in_this_process("--data", str(data), "--out", str(folder / "out"))
        assert (code, str(data) in said) == (3, True), name
        out = real_set(folder / name)
        (out / f"{CASE}.nc").write_bytes(content)
        with pytest.raises(DamagedError):
            read_tree(out / f"{CASE}.nc")
    assert not (folder / "boom").exists()
    return "Exit code 3 as data, refused before it is opened as draws; nothing was executed."


FAULTS = [
    Fault(
        "Damage",
        "page, draws, table and summary are truncated, emptied, altered, deleted, made a folder",
        "noticed by checksum: computed again, no answer on the index, draws not opened",
        damaged,
    ),
    Fault("Damage", "data, code, options or versions change", "computed again", changed),
    Fault("Damage", "nothing changes; or one bit", "left alone, or computed again", left_alone),
    Fault("Damage", "a pickle is given as data and as draws", "refused, not loaded", pickles),
]
