"""The page: whole, self-contained, safe from its input, and silent where the gate says so."""

import base64
import csv
import hashlib
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from reports.blocks import tables
from reports.blocks.blocks import Mathematics, Source
from reports.blocks.mathematics import to_mathml
from reports.drawing import figures
from reports.page.page import Report
from reports.publishing.spreadsheet import original
from reports.publishing.summary import Results
from reports.publishing.trees import read_tree, to_netcdf
from workflow.checking.diagnostics import diagnose
from workflow.quantities import Scalar, summarise
from workflow.sensitivity.sensitivity import Sweep

HOSTILE = "<script>alert(1)</script>$\\frac\"'&\u202e😀../../x"


class Page(HTMLParser):
    """Collects tags, ids and addresses, and whether every tag is closed."""

    VOID = frozenset({"meta", "br", "img", "link", "input", "hr"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = dict(attrs)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.addresses += [v or "" for k, v in attrs if k in {"src", "href", "xlink:href"}]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open = self.open[:-1] if tag not in self.VOID else self.open

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture
def make(tmp_path: Path, tree_of: Callable[..., xr.DataTree]) -> Callable[..., tuple[int, Path]]:
    """A function that writes a page about two arms and returns the exit code and the folder."""

    def build(
        *,
        label: str = "B",
        broken: bool = False,
        warn: bool = False,
        change: str = "",
        compiling: str = "",
    ) -> tuple[int, Path]:
        draws = np.random.default_rng(1).normal(size=(4, 1000))
        tree = tree_of(x=draws)
        if compiling:
            tree.attrs["compiling"] = compiling
        tree["posterior"] = xr.Dataset(
            {"x": (("chain", "draw", "arm"), draws[..., None])}, coords={"arm": [label]}
        )
        if broken:
            tree["sample_stats"]["diverging"][0, 0] = True  # type: ignore[index]
        data, other = tmp_path / "data.csv", tmp_path / "other.csv"
        data.write_text(label)
        other.write_text(label)
        found = summarise(tree["posterior"].to_dataset())
        settings: dict[str, object] = {"data": data, "seed": 7, "out": tmp_path, "quiet": True}
        report = Report(
            "demo",
            title="Demo",
            question=f"Is {label} best?",
            data=data,
            settings=settings,
            others=[other],
        )
        report.section(
            "A section",
            f"About {label}.",
            Mathematics(label, to_mathml(label), label),
            Source(label, label),
            tables.estimates(label, found),
        )
        rows = {name: {"NUTS": q} for name, q in found.items()}
        report.decide(
            f"Choose {label}.", figures.intervals("answer", rows, label=label, caption=label)
        )
        if warn:
            report.warn(f"Careful with {label}.", "Do this.")
        scalars = {f"prob_best[{label}]": Scalar(0.5, 0.1)}
        if change:
            (tmp_path / change).write_text("something else")
        choice = None if broken else f"choose {label}"
        results = Results(diagnose(tree), choice, found, scalars, [], Sweep({}, (), None))
        return report.save(tmp_path / "html", tree, results), tmp_path / "html"

    return build


def test_a_healthy_page(
    make: Callable[..., tuple[int, Path]], capsys: pytest.CaptureFixture
) -> None:
    code, folder = make()
    page = (folder / "demo.html").read_text(encoding="utf-8")
    assert code == 0
    assert capsys.readouterr().out == "PASS: Choose B.\n"
    page = page[page.index("<main") :]
    order = ["Is B best?", "Choose B.", "every check passed", "<svg", "A section", "SHA-256"]
    places = [page.index(part) for part in order]
    assert places == sorted(places)
    found = Page((folder / "demo.html").read_text(encoding="utf-8"))
    assert found.open == []
    assert len(found.ids) == len(set(found.ids))


def test_nothing_is_loaded_from_anywhere(make: Callable[..., tuple[int, Path]]) -> None:
    _, folder = make()
    for name in ("demo.html", "index.html"):
        page = (folder / name).read_text(encoding="utf-8")
        for address in Page(page).addresses:
            file = re.fullmatch(r"[a-z_]+\.(html|nc|csv|json)", address)
            assert address.startswith("#") or address == "data:," or file
        assert not re.search(r"@import|url\((?!#)", page)
        assert {"iframe", "object", "img"}.isdisjoint(Page(page).tags)
        assert Page(page).tags.count("link") == 1  # the empty icon: else browsers ask for one


def test_only_our_own_script_and_style_may_run(make: Callable[..., tuple[int, Path]]) -> None:
    """The policy names their hashes, and there is no style or handler in an attribute."""
    _, folder = make()
    for name in ("demo.html", "index.html"):
        page = (folder / name).read_text(encoding="utf-8")
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
        assert policy
        assert "unsafe" not in policy[1]
        for tag in ("script", "style"):
            (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, flags=re.DOTALL)
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"{tag}-src 'sha256-{digest}'" in policy[1]
        assert not re.search(r"<[a-z][^>]* (style|on[a-z]+)=", page)


def test_hostile_labels_are_text(make: Callable[..., tuple[int, Path]]) -> None:
    _, folder = make(label=HOSTILE, warn=True)
    for name in ("demo.html", "index.html"):
        page = (folder / name).read_text(encoding="utf-8")
        assert page.count("<script") == 1  # ours
        found = Page(page)
        assert found.open == []
        assert "<script>alert(1)</script>" in "".join(found.text)
    assert sorted(path.name for path in folder.glob("[!.]*")) == [
        "demo.csv",
        "demo.html",
        "demo.json",
        "demo.nc",
        "index.html",
    ]


def test_answer_is_withheld_when_the_diagnosis_fails(
    make: Callable[..., tuple[int, Path]], capsys: pytest.CaptureFixture
) -> None:
    code, folder = make(broken=True)
    page = (folder / "demo.html").read_text(encoding="utf-8")
    assert code == 4
    printed = capsys.readouterr().out
    assert printed.startswith("FAIL: The answer is withheld")
    assert "divergences 1 in chain 0" in printed
    assert "Choose B" not in page
    first = page[page.index("<main") : page.index("A section</h3>")]
    assert "withheld" in first
    assert "Reparametrise" in first
    assert "Choose B" not in (folder / "index.html").read_text(encoding="utf-8")
    summary = json.loads((folder / "demo.json").read_text(encoding="utf-8"))
    assert summary["status"] == "FAIL"
    assert summary["decision"] is None
    assert "Choose" not in summary["answer"]


def test_warnings_stand_before_the_argument(make: Callable[..., tuple[int, Path]]) -> None:
    _, folder = make(warn=True)
    page = (folder / "demo.html").read_text(encoding="utf-8")
    assert page.index("Careful with B.") < page.index("A section</h3>")
    assert json.loads((folder / "demo.json").read_text(encoding="utf-8"))["status"] == "WARN"


@pytest.mark.parametrize("file", ["data.csv", "other.csv"])
def test_a_page_does_not_vouch_for_data_that_changed(
    make: Callable[..., tuple[int, Path]], capsys: pytest.CaptureFixture, file: str
) -> None:
    code, folder = make(change=file)
    assert code == 3
    assert f"{file}: changed while the analysis ran" in capsys.readouterr().err
    assert not folder.exists()


def test_every_file_has_its_hash_on_the_page(make: Callable[..., tuple[int, Path]]) -> None:
    _, folder = make(label="B")
    expected = hashlib.sha256(b"B").hexdigest()
    assert (folder / "demo.html").read_text(encoding="utf-8").count(expected) == 2
    provenance = json.loads((folder / "demo.json").read_text(encoding="utf-8"))["provenance"]
    (other,) = provenance["other_data"].items()
    assert other[0].endswith("other.csv")
    assert other[1] == provenance["data_sha256"] == expected


def test_why_it_is_compiled_anew_each_time_is_said_once(
    make: Callable[..., tuple[int, Path]],
) -> None:
    _, folder = make()
    assert "compiling" not in (folder / "demo.html").read_text(encoding="utf-8")
    _, folder = make(compiling="nutpie <99> is not known")
    page = (folder / "demo.html").read_text(encoding="utf-8")
    assert page.count("every time: nutpie &lt;99&gt; is not known") == 1
    found = json.loads((folder / "demo.json").read_text(encoding="utf-8"))
    assert found["provenance"]["compiling"] == "nutpie <99> is not known"


def test_the_tree_comes_back(make: Callable[..., tuple[int, Path]]) -> None:
    _, folder = make()
    tree = read_tree(folder / "demo.nc")
    assert tree["posterior"]["x"].shape == (4, 1000, 1)
    assert tree["sample_stats"]["diverging"].dtype == bool


def test_estimates_come_as_a_table_for_a_spreadsheet(make: Callable[..., tuple[int, Path]]) -> None:
    _, folder = make(label="=B")
    with (folder / "demo.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    found = json.loads((folder / "demo.json").read_text(encoding="utf-8"))["quantities"]
    ((name, expected),) = found.items()
    assert original(row.pop("quantity")) == name
    assert row.pop("interval") == expected.pop("interval")
    assert {key: float(value) for key, value in row.items()} == expected


def test_predictions_are_thinned_on_disk_and_draws_are_not(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    x = xr.Dataset({"x": (("chain", "draw"), rng.normal(size=(4, 1000)))})
    y = xr.Dataset({"y": (("chain", "draw", "row"), rng.normal(size=(4, 1000, 50)))})
    groups = {"posterior": x, "posterior_predictive": y, "log_likelihood": y}
    tree = xr.DataTree.from_dict(groups)
    tree.attrs["tries"] = "[]"
    (tmp_path / "x.nc").write_bytes(to_netcdf(tree))
    with xr.open_datatree(tmp_path / "x.nc", engine="h5netcdf") as back:
        assert back.attrs["tries"] == "[]"
        assert back["posterior"].to_dataset().identical(x)
        assert dict(back["posterior_predictive"].sizes) == {"chain": 4, "draw": 250, "row": 50}
        assert back["log_likelihood"].sizes["draw"] == 1000
        kept = back["posterior_predictive"]["y"].to_numpy()
        assert kept == pytest.approx(y["y"].to_numpy()[:, ::4], rel=1e-6)
    assert tree["posterior_predictive"].sizes["draw"] == 1000
