"""Which learner's pages a folder has: what the index and a case's page link to."""

import json
from pathlib import Path

PLAY = "play"  # the folder of them, in that of the pages
LIST = "play.json"  # what it says of them


def played(folder: Path, case: str = "") -> list[tuple[str, str]]:
    """Return address and name of the pages in `folder` that belong to `case`; "" means all.

    A page that is not there is left out, and so are all where what says so cannot be read.
    """
    try:
        found = json.loads((folder / PLAY / LIST).read_text(encoding="utf-8"))
        listed = [(str(one["stem"]), str(one["name"]), list(one["cases"])) for one in found]
    except (OSError, ValueError, TypeError, KeyError):
        return []
    return [
        (f"{PLAY}/{stem}.html", name)
        for stem, name, cases in listed
        if (not case or case in cases) and (folder / PLAY / f"{stem}.html").is_file()
    ]
