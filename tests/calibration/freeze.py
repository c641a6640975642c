"""Note how well wrong models of a case are found out: `python -m tests.calibration.freeze CASE`.

That of all cases, with their page, is `python -m tests.calibration --freeze`.
"""

import sys
from collections.abc import Mapping

from analyses import leave_when_interrupted
from reports.publishing.provenance import ROOT, commit, versions
from tests.calibration.designs import folder, wrong
from tests.calibration.page import least
from tests.calibration.study import FAMILY_WISE, Study, enough, power, run
from tests.contract import freeze

FOLDER = ROOT / ".calibration_cache"
REPLICATES = (200, 1000)  # the more where the fewer do not find out a wrong model


def note(case: str, found_out: Mapping[str, Study], command: str) -> None:
    """Write beside what the case declares, as JSON, how well each wrong model is found out.

    Tests run those that few replicates find out, with these few.
    """
    powers = {
        name: {"power": power(one), "adjusted_p": least(one)[1], "of": len(one.replicates)}
        for name, one in found_out.items()
    }
    few = {name: found for name, one in found_out.items() if (found := enough(one))}
    made = {"command": command, "commit": commit(), "versions": versions()}
    freeze(case, "calibration", made | {"at 100": powers, "few": few}, folder(case))


def until_found_out(case: str, name: str) -> Study:
    """Return the study of a wrong model, with as many replicates as it needs."""
    for replicates in REPLICATES:
        study = run(case, name, replicates, FOLDER)
        if least(study)[1] < FAMILY_WISE:
            break
    return study


if __name__ == "__main__":
    leave_when_interrupted()  # or truncated draws would be taken for draws
    for case in sys.argv[1:]:
        found = {name: until_found_out(case, name) for name in wrong(case)}
        note(case, found, f"python -m tests.calibration.freeze {case}")
