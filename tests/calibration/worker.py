"""A process that computes replicates: a study on stdin, then a number a line, a result on stdout.

A worker of a cluster keeps it (`analyses._cluster_worker`), so that a study is compiled once.
"""

import json
import os

from analyses import leave_when_interrupted
from analyses._processes import lines
from tests.calibration import coverage, study


def serve() -> None:
    """Compute a replicate for each line until there are no more."""
    leave_when_interrupted()  # or truncated draws would be taken for draws
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints is no result
    said = lines()
    order = json.loads(next(said))
    of = {name: order[name] for name in ("case", "variant", "replicates", "seed")}
    same = study.about(of["case"], of["variant"], of["seed"]) == order["about"]
    kind = coverage if of["variant"] == "advi" else study
    replicate = kind.replicate_of(of) if same else None
    for line in said:
        result = replicate(json.loads(line)) if replicate else None
        answers.write(json.dumps({"result": result}) + "\n")
        answers.flush()


if __name__ == "__main__":
    serve()
