"""Ctrl-C while an analysis compiles, samples, waits for ADVI or writes; as a terminal sends it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.faults.fault import Fault, a_set, publish_set, shown_in

ROOT = Path(__file__).parent.parent.parent
WAIT = 120  # seconds until a step must have begun; it takes a few

# Each writes a line when the step is under way, and would go on for minutes.
WORK = {
    "importing": "",
    "compiling": (
        "from models.prior_sensitivity import births\nfrom data.prior_sensitivity import load\n"
        "from workflow.sampling.fit import compile_nuts\nmodel = births(load())\nsay()\n"
        "while True: compile_nuts(model)"
    ),
    "sampling with NUTS": (
        "import threading\nfrom models.prior_sensitivity import births\n"
        "from data.prior_sensitivity import load\n"
        "from workflow.sampling.fit import compile_nuts, fit_nuts\n"
        "model = births(load())\ncompiled = compile_nuts(model)\n"
        "threading.Timer(0.5, say).start()\n"
        "fit_nuts(model, compiled, draws=20_000_000, tune=1000, chains=2, seed=1)"
    ),
    "waiting for ADVI": (
        "from workflow.sampling.background import in_background\n"
        "waiting = in_background(time.sleep, 600)\ntime.sleep(2)\nsay()\nwaiting.result()"
    ),
    "writing": (
        "from tests.faults.fault import a_set, publish_set\nimport os\n"
        "large = a_set('new', 200_000)\n"
        "fsync = os.fsync\nos.fsync = lambda file: (fsync(file), say(), time.sleep(600))\n"
        "publish_set(out, large)"
    ),
}
SCRIPT = """
import signal, sys, time
from pathlib import Path
signal.alarm(600)  # an end even if the test is killed that waits for it
from analyses._command import run

def say():
    print("here", flush=True)

def main() -> int:
    "Work."
    out = Path({out!r})
{work}
    from tests.faults.fault import a_set, publish_set
    publish_set(out, a_set("truncated"))
    return 0

if __name__ == "__main__":
    run(main)
"""


def interrupted(folder: Path, step: str) -> float:
    """Interrupt the whole process group while it is at a step; return the seconds to its end."""
    publish_set(folder, a_set("old"))
    process = subprocess.Popen(
        _command(folder, step),
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        if WORK[step]:
            assert process.stdout.readline() == "here\n"
        else:
            assert any(line.endswith("| analyses\n") for line in process.stderr)
        start = time.perf_counter()
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=WAIT)
        took = time.perf_counter() - start
        _wait_for_all(process.pid)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 130, said
    assert "Traceback" not in said, said
    assert shown_in(folder) == a_set("old")
    return took


def _command(folder: Path, step: str) -> list[str]:
    """Return the command whose work is that step; for importing, an analysis that says what."""
    if not WORK[step]:
        noisy = [sys.executable, "-X", "importtime", "-m", "analyses.ab_test"]
        return [*noisy, "--out", str(folder)]
    work = "".join(f"    {line}\n" for line in WORK[step].split("\n"))
    (folder / "work.py").write_text(SCRIPT.format(out=str(folder), work=work))
    return [sys.executable, str(folder / "work.py")]


def _wait_for_all(group: int) -> None:
    """Wait until no process of a group is left."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    raise AssertionError("a process outlives the interrupt")


def at(step: str) -> Fault:
    """Return the fault of an interrupt during a step."""

    def happen(folder: Path) -> str:
        took = interrupted(folder, step)
        return f"Exit code 130 after {took:.2f} s, no process left, the old report whole."

    expected = "exit code 130 at once, no process left, no report of truncated draws"
    return Fault("Ctrl-C", f"Ctrl-C while {step}", expected, happen)


FAULTS = [at(step) for step in WORK]
