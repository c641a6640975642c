"""One study: many replicates of one design of one case, by the right model or by a wrong one."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from reports.publishing.provenance import ROOT, versions
from tests.calibration.designs import TWINS, case_of, design, fitted, wrong
from tests.calibration.store import Store
from workflow.calibrating.sbc import RANKED, Calibration, Replicate, simulate
from workflow.calibrating.uniformity import holm, p_value
from workflow.checking.diagnostics import Status
from workflow.sampling.fit import RETRIES, compile_nuts

SEED = 2026
FAMILY_WISE = 0.01
FEW, SURE = (20, 30, 50, 75, 100), 0.99  # numbers of replicates; the power that they must have
CODE = ("workflow/**/*.py", "models/_*.py", "data/_*.py", "tests/calibration/*.py")


@dataclass(frozen=True)
class Study:
    """What became of the replicates of one variant of one case."""

    case: str
    variant: str
    replicates: tuple[Replicate, ...]

    @cached_property
    def ranks(self) -> dict[str, np.ndarray]:
        """The ranks of every quantity; of those that always have the same ranks the first."""
        names = self.replicates[0].ranks
        found = np.array([list(one.ranks.values()) for one in self.replicates])
        _, first = np.unique(found, axis=1, return_index=True)
        return {name: found[:, i] for i, name in enumerate(names) if i in first}

    def p_values(self, of: np.ndarray | slice = slice(None)) -> dict[str, float]:
        """Return the p-value of uniform ranks of each quantity, of some replicates or of all."""
        return {name: p_value(ranks[of], RANKED) for name, ranks in self.ranks.items()}

    def failed(self) -> int:
        """Return how many fits failed their diagnosis: their ranks are among the others."""
        return sum(one.status is Status.FAIL for one in self.replicates)


def rejected(p_values: dict[str, float]) -> bool:
    """Say whether any of these quantities is not calibrated, at 1% for all of them together."""
    return min(holm(p_values).values()) < FAMILY_WISE


def power(study: Study, replicates: int = 100, *, subsets: int = 200) -> float:
    """Return how often so many replicates, drawn from those of the study, would reject."""
    rng = np.random.default_rng(SEED)
    n = len(study.replicates)
    drawn = (rng.choice(n, replicates, replace=False) for _ in range(subsets))
    return float(np.mean([rejected(study.p_values(of)) for of in drawn]))


def enough(study: Study) -> dict[str, float] | None:
    """Return the least number of `FEW` that is `SURE` to reject and its power, if any is."""
    powers = ({"replicates": n, "power": power(study, n)} for n in FEW)
    return next((one for one in powers if one["power"] >= SURE), None)


def own_seed(seed: int, replicate: int) -> int:
    """Return the seed of one replicate, whichever others are computed."""
    return int(np.random.SeedSequence([seed, replicate]).generate_state(1)[0])


type Order = dict[str, Any]  # case, variant, replicates and seed: what one replicate hangs on
type By = Callable[[Order, Sequence[int]], Iterable[tuple[int, Any]]]


def here(make: Callable[[Order], Callable[[int], Any]]) -> By:
    """Let this process compute replicates, one after the other, by what `make` compiles once."""

    def compute(order: Order, numbers: Sequence[int]) -> Iterator[tuple[int, Any]]:
        replicate = make(order)
        return ((i, replicate(i)) for i in numbers)

    return compute


def run(
    case: str,
    variant: str,
    replicates: int,
    folder: Path,
    *,
    seed: int = SEED,
    progress: Callable[[int], object] = lambda done: None,
    by: By | None = None,
) -> Study:
    """Return the study, from what `folder` has of it and what is still to be computed.

    Each replicate has seeds of its own, so that the numbers do not depend on where a run was
    interrupted. `progress` is called with the number of replicates there are; `by`
    computes them, else this process.
    """
    store = Store(folder / f"{case}-{variant}.jsonl", about(case, variant, seed))
    order = {"case": case, "variant": variant, "replicates": replicates, "seed": seed}
    fill(store, order, by or here(replicate_of), progress)
    found = (store.found[i] for i in range(replicates))
    return Study(case, variant, tuple(_read(one) for one in found))


def fill(store: Store, order: Order, by: By, progress: Callable[[int], object]) -> None:
    """Compute what the store does not have of a study, and keep each replicate at once."""
    if set(range(order["replicates"])) <= store.found.keys():
        return
    with store.open():
        missing = [i for i in range(order["replicates"]) if i not in store.found]
        progress(len(store.found))
        for i, found in by(order, missing):
            store.add(i, found)
            progress(len(store.found))


def replicate_of(order: Order) -> Callable[[int], dict[str, Any]]:
    """Return what computes a replicate by its number.

    Wrong models are sampled once, to save time: some have posteriors that no try samples well.
    """
    name, variant = order["case"], order["variant"]
    made = design(name)
    model = made.shipped() if variant == "shipped" else made.small()
    other, retries = fitted(name, variant), 0 if variant in wrong(name) else RETRIES
    simulated = simulate(model, order["replicates"], seed=order["seed"])
    compiled = compile_nuts(other.model or model)
    calibration = Calibration(model, compiled, change=other.change, retries=retries)

    def replicate(i: int) -> dict[str, Any]:
        one = calibration.replicate(*simulated[i], seed=own_seed(order["seed"], i))
        return asdict(one) | {"status": one.status.value}

    return replicate


def _read(found: dict[str, Any]) -> Replicate:
    return Replicate(**found | {"status": Status(found["status"])})


def about(case: str, variant: str, seed: int) -> dict[str, Any]:
    """Return all that the replicates depend on: code, data and versions by their hashes.

    Rather too much than too little: also a change that changes no number makes them old.
    """
    of = case_of(case)
    own = [f"{at}/{of}.py" for at in ("models", "data", "tests/cases")] + [f"data/{of}.csv"]
    own += [f"tests/calibration/twins/{case}.py"] if case in TWINS else []
    files = {*own, *(str(path.relative_to(ROOT)) for one in CODE for path in ROOT.glob(one))}
    tests = {f"tests/calibration/{name}.py" for name in ("page", "freeze", "__main__")}
    tests |= {name for name in files if "/test_" in name}
    content = b"".join((ROOT / name).read_bytes() for name in sorted(files - tests))
    digest = hashlib.sha256(content).hexdigest()
    return {"case": case, "variant": variant, "seed": seed, "code": digest, "with": versions()}
