"""Work by Dask: killed workers and clients, other versions; numbers are those of one process."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import distributed
import pytest

from analyses import _cluster, _cluster_worker as worker, _processes, ab_test
from analyses._batching import ROWS
from analyses._build import build
from analyses._cluster import Cluster, why_not
from analyses._cluster_worker import about
from analyses._on import On
from analyses._row import row_of
from reports.publishing.provenance import OURS, ROOT
from tests.analyses._cluster import LONG, QUIET, Workers, casebook, until, worker_of, workers
from tests.analyses.test_batch import COUNTS, batch, rows, written
from tests.conftest import SEED
from workflow.sampling.shared import shared_compiles

FEW = {"draws": 100, "tune": 100, "seed": SEED}


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    """Two workers."""
    with workers(tmp_path_factory.mktemp("cluster"), 2) as found:
        yield found


def slow(folder: Path, number: int, prefix: str) -> Path:
    return written(folder, **{f"{prefix}{i}": f"slow {i}" for i in range(number)})


def kept(out: Path) -> list[dict[str, Any]]:
    path = out / ROWS
    lines = path.read_text().split("\n")[:-1] if path.exists() else []
    return [json.loads(line) for line in lines if line]


def plain(row: Any) -> dict[str, Any]:
    """Return a row as JSON has it, without what the batch adds."""
    found: dict[str, Any] = json.loads(json.dumps(row, default=str))
    return {name: value for name, value in found.items() if name != "key"}


def test_rows_are_those_of_one_process_to_the_bit_and_a_worker_compiles_once(
    tmp_path: Path,
) -> None:
    sets, out = written(tmp_path / "sets", **COUNTS), tmp_path / "out"
    options = [word for name, value in FEW.items() for word in (f"--{name}", str(value))]
    words = ("--data", sets / "*.csv", "--out", out, "--pages", "none", "--on", "local:2")
    done = batch(*words, *options)
    computed = {row["name"]: plain(row) for row in kept(out)}
    assert "3 data sets" in done.stdout
    compiles = int(done.stdout.split("; ")[1].split()[0])
    assert compiles <= 2
    with shared_compiles():
        for name in COUNTS:
            path = sets / f"{name}.csv"
            about: dict[str, Any] = {"pages": "none", "folder": out, "stem": name}
            own = row_of(name, path, ab_test.main, {"quick": False, **FEW}, **about)
            assert computed[name] == plain(vars(own))


def test_a_killed_worker_is_replaced_and_its_work_is_done_again(
    two: Workers, tmp_path: Path
) -> None:
    sets, out = slow(tmp_path / "sets", 10, "w"), tmp_path / "out"
    pids = [one.pid for one in two.cluster.workers.values()]

    def kill() -> None:
        until(lambda: len(kept(out)) >= 2)
        os.kill(pids[0], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    done = batch("--data", sets / "*.csv", "--out", out, "--on", two.address)
    killer.join(LONG)
    assert done.exit_code == 0, done.output
    assert [row["data_set"] for row in rows(out)] == sorted(f"w{i}" for i in range(10))
    begun = [name for name in two.asked() if name.startswith("w")]
    assert {*begun} == {f"w{i}" for i in range(10)}
    assert len(begun) <= 12  # what it was at, and what it had been given
    assert not list(out.glob(".seen-*"))


def test_after_a_killed_client_only_what_is_missing_is_computed(
    two: Workers, tmp_path: Path
) -> None:
    sets, out = slow(tmp_path / "sets", 12, "c"), tmp_path / "out"
    words = ("--data", sets / "*.csv", "--out", out, "--on", two.address)
    with subprocess.Popen(
        casebook("batch", "ab_test", *words), cwd=ROOT, stderr=subprocess.DEVNULL
    ) as client:
        until(lambda: len(kept(out)) >= 4)
        client.kill()
    before = {row["name"] for row in kept(out)}
    until(lambda: not processing(two))
    begun = len(two.asked())
    again = batch(*words)
    assert again.exit_code == 0
    assert 4 <= len(before) < 12
    assert {*two.asked()[begun:]} == {f"c{i}" for i in range(12)} - before
    assert len(two.asked()) - begun == 12 - len(before)
    assert f"for {12 - len(before)} computed now" in again.stdout


def processing(two: Workers) -> bool:
    with distributed.Client(two.address) as client:
        return any(client.processing().values())


def test_pages_are_made_by_workers_and_a_killed_one_stops_none(
    two: Workers, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    cases, begun = ["ab_test", "bandit", "coin_updating", "mendel_shares"], len(two.asked())
    pids = [one.pid for one in two.cluster.workers.values()]

    def kill() -> None:
        until(lambda: len(two.asked()) > begun + 1)
        os.kill(pids[1], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    about: dict[str, Any] = {"jobs": 1, "quiet": False, "as_json": False}
    code = build(cases, tmp_path, **about, on=On(two.address))
    killer.join(LONG)
    told = capsys.readouterr()
    assert code == 1
    assert told.out.splitlines()[:3] == [
        f"{case}: PASS: Of {case}." for case in cases if case != "bandit"
    ]
    assert "bandit: exit code 1; it said last:\n    a bug" in told.err
    assert {*two.asked()[begun:]} == {*cases}
    assert 5 <= len(two.asked()) - begun <= 6  # one was begun again, or both


@pytest.mark.parametrize(
    ("wanted", "files", "admitted"),
    [
        ({}, {}, True),
        ({"pymc": "6.0.0"}, {}, False),
        ({"casebook": "0" * 64}, {}, False),
        ({}, {__file__: "0"}, False),
    ],
)
def test_a_worker_takes_tasks_only_if_it_is_the_same(
    wanted: dict[str, str], files: dict[str, str], admitted: bool
) -> None:
    """One that is not would be given rows beside others that are."""
    given: dict[str, int] = {}

    async def set_resources(**resources: int) -> None:
        given.update(resources)

    dask = SimpleNamespace(state=SimpleNamespace(nthreads=3), set_resources=set_resources)
    asyncio.run(worker.admit({**about(), **wanted}, files, "ours", dask))
    assert given == ({"ours": 3} if admitted else {})


def test_a_data_set_that_is_another_there_is_not_computed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("changed meanwhile")
    assert [*worker.row({}, {"data": str(path)}, "0")] == ["unseen"]


def test_a_case_whose_data_are_others_there_is_not_run(tmp_path: Path) -> None:
    order: dict[str, Any] = {"out": str(tmp_path), "environment": {}, "last": 1}
    found = worker.page(order, "ab_test", {"data/ab_test.csv": "0"})
    assert found["unseen"] == "data/ab_test.csv"


def test_a_page_that_ends_before_its_worker_has_its_own_exit_code() -> None:
    command = [*_processes.PAGE, "ab_test", "--help"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as p:
        assert p.wait(LONG) == 0


def test_a_page_ends_with_its_worker() -> None:
    command = [*_processes.PAGE, "ab_test", "--help"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as p:
        assert p.stdin is not None
        p.stdin.close()
        assert p.wait(LONG) == 1  # with its help it would end with 0


@pytest.mark.parametrize(("work", "code"), [("time.sleep(60)", 1), ("print(line)", 0)])
def test_a_process_ends_with_who_started_it_whatever_it_does(work: str, code: int) -> None:
    text = f"import time\nfrom analyses._processes import lines\nfor line in lines():\n {work}"
    with subprocess.Popen([sys.executable, "-c", text], cwd=ROOT, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(b"one\n")
        process.stdin.close()
        assert process.wait(LONG / 2) == code


def test_a_data_set_over_which_a_process_dies_is_a_row(two: Workers, tmp_path: Path) -> None:
    sets = written(tmp_path / "sets", a="ok", b="dies", d="withheld")
    done = batch("--data", sets / "*.csv", "--out", tmp_path / "out", "--on", two.address)
    assert done.exit_code == 1
    found = rows(tmp_path / "out")
    assert [row["exit_code"] for row in found] == ["0", "1", "4"]
    assert "signal 9" in found[1]["reason"]
    once_more = batch("--data", sets / "*.csv", "--out", tmp_path / "out", "--on", two.address)
    assert "for 1 computed now" in once_more.stdout
    assert len(two.cluster.workers) == 2


def test_a_worker_of_another_version_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other"
    leave = shutil.ignore_patterns("__pycache__", "html", "*.csv")
    for part in OURS:
        shutil.copytree(ROOT / part, other / part, ignore=leave)
    with (other / "models/ab_test.py").open("a") as file:
        file.write("# another\n")
    sets = written(tmp_path / "sets", a="ok")
    with (
        distributed.LocalCluster(n_workers=0, **QUIET) as cluster,
        worker_of(cluster.scheduler_address, other),
    ):
        until(lambda: len(cluster.scheduler.workers) == 1)
        (at,) = cluster.scheduler.workers
        done = batch(
            *("--data", sets / "*.csv", "--out", tmp_path / "out"),
            *("--on", cluster.scheduler_address),
        )
    assert done.exit_code == 5
    assert f"worker {at} is left out: its casebook is another" in done.output
    assert "bring it to the same commit" in done.output
    assert len(done.output.splitlines()) == 2
    assert kept(tmp_path / "out") == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, ""),
        ({"python": "3.11.2"}, "it has python 3.11.2, not"),
        ({"pymc": "6.0.0"}, "install requirements.lock there"),
        ({"casebook": "0" * 64}, "its casebook is another (00000000, not"),
        ({"loaded": "0" * 64}, "it was changed since it began"),
        (ModuleNotFoundError("No module named 'analyses'"), "it has no casebook (No module"),
        (ConnectionError("closed"), "it cannot be asked (ConnectionError: closed)"),
    ],
)
def test_why_a_worker_is_left_out(changed: Any, said: str) -> None:
    here = about()
    error = isinstance(changed, Exception)
    answer = changed if error else ({**here, **changed}, {"/x": "1"}, 1)
    assert said.replace("it was", "its casebook was") in why_not(here, {"/x": "1"}, answer)
    assert bool(why_not(here, {"/x": "1"}, answer)) == bool(said)


def test_a_worker_that_does_not_see_the_files_is_left_out() -> None:
    why = why_not(about(), {"/here/a.csv": "1"}, (about(), {"/here/a.csv": ""}, 1))
    assert "/here/a.csv" in why
    assert "share the folder" in why


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificates")
def test_a_cluster_of_certificates_is_reached_with_them_alone(tmp_path: Path) -> None:
    pem, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1"]
    made += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(pem)]
    subprocess.run(made, check=True, capture_output=True)
    own = {
        f"tls_{role}_{what}": str(path)
        for role in ("scheduler", "client", "worker")
        for what, path in (("cert", pem), ("key", key))
    }
    security = distributed.Security(tls_ca_file=str(pem), require_encryption=True, **own)
    sets, done = written(tmp_path / "sets", a="ok"), []
    with workers(tmp_path, 1, security=security, protocol="tls") as found:
        assert found.address.startswith("tls://127.0.0.1:")
        certificates = ["--tls-ca", pem, "--tls-cert", pem, "--tls-key", key]
        for more in (
            ["--on", found.address.replace("tls:", "tcp:")],
            ["--on", found.address, *certificates],
        ):
            done.append(batch("--data", sets / "*.csv", "--out", tmp_path / "out", *more))
    assert [one.exit_code for one in done] == [5, 0]
    assert "no scheduler answers there" in done[0].output


def test_a_scheduler_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    sets = written(tmp_path / "sets", a="ok")
    words = ("--data", sets / "*.csv", "--out", tmp_path / "out", "--on", "tcp://127.0.0.1:9")
    begun = time.monotonic()
    done = subprocess.run(
        casebook("batch", "ab_test", *words), cwd=ROOT, capture_output=True, text=True, timeout=LONG
    )
    assert done.returncode == 5
    (line,) = done.stderr.splitlines()
    assert line.startswith("tcp://127.0.0.1:9: no scheduler answers there")
    assert time.monotonic() - begun < LONG / 2


def test_a_scheduler_without_workers_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_cluster, "FIRST", 0.5)
    sets = written(tmp_path / "sets", a="ok")
    with distributed.LocalCluster(n_workers=0, **QUIET) as cluster:
        at = cluster.scheduler_address
        done = batch("--data", sets / "*.csv", "--out", tmp_path / "out", "--on", at)
    assert done.exit_code == 5
    assert done.output == f"{at}: there is no worker; start one: dask worker {at}\n"


def test_without_dask_a_line_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    sets = written(tmp_path / "sets", a="ok")
    done = batch("--data", sets / "*.csv", "--out", tmp_path / "out", "--on", "local:2")
    assert done.exit_code == 5
    assert done.output.count("\n") == 1
    assert "pip install 'casebook[cluster]'" in done.output


@pytest.mark.parametrize(
    "words",
    [
        ["--on", "localhost"],
        ["--on", "local:0"],
        ["--on", "local:2", "--jobs", "2"],
        ["--on", "tls://h:1"],
        ["--on", "tcp://h:1", "--tls-ca", "{here}", "--tls-cert", "{here}", "--tls-key", "{here}"],
        ["--tls-ca", "{here}"],
        ["--on", "tls://h:1", "--tls-ca", "none.pem"],
    ],
)
def test_options_that_cannot_be_are_refused(tmp_path: Path, words: list[str]) -> None:
    given = [word.format(here=__file__) for word in words]
    done = batch("--data", "x.csv", "--out", tmp_path / "out", *given)
    assert done.exit_code == 2
    assert "--on" in done.output or "--tls" in done.output


def test_dask_is_loaded_only_when_it_is_asked_for_and_a_worker_needs_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "import analyses._cluster_worker\n"
        "assert not {'pymc', 'pandas', 'numpy'} & {*sys.modules}\n"
        "import analyses.__main__, analyses._batching, analyses._build\n"
        "assert not {'distributed', 'dask'} & {*sys.modules}\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=LONG)


def test_tasks_are_for_workers_that_see_the_same_files() -> None:
    one, same, other = (Cluster(None, "x", {"a": sum_}) for sum_ in "112")
    assert one.resource == same.resource != other.resource
