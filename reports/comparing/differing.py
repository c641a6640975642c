"""What is not the same in all fits that are compared: settings, versions, files, commands."""

from collections.abc import Mapping, Sequence

from reports.blocks.blocks import NONE, Table
from workflow.comparing.saved import Saved

OWN = {"data", "out", "name", "quiet"}  # settings that say where files are, or stand elsewhere
HOW_DIFFER = "One row a setting, a version or a file that is not the same in all fits."


def differences(fits: Sequence[Saved]) -> list[tuple[str, ...]]:
    """Return what differs between the fits, a row each: data, command, settings, versions."""
    of = [fit.summary["provenance"] for fit in fits]
    found = [
        ("case", *(fit.case for fit in fits)),
        ("data", *(str(one["data"]) for one in of)),
        ("data, SHA-256", *(str(one["data_sha256"]) for one in of)),
        ("code, commit", *(str(one["commit"]) for one in of)),
        *(row for row in _by_name("settings", of) if row[0] not in OWN),
        *_by_name("versions", of),
        *_by_name("other_data", of),
    ]
    return [row for row in found if len({*row[1:]}) > 1]


def _by_name(key: str, of: Sequence[Mapping[str, Mapping[str, str]]]) -> list[tuple[str, ...]]:
    names = dict.fromkeys(name for one in of for name in one[key])
    return [(name, *(str(one[key].get(name, NONE)) for one in of)) for name in names]


def differ(fits: Sequence[Saved]) -> Table:
    """Return the table of what differs, and the command that made each fit."""
    rows = [tuple(_brief(cell) for cell in row) for row in differences(fits)]
    rows += [("command", *(fit.summary["provenance"]["command"] for fit in fits))]
    columns = ("what", *(fit.name for fit in fits))
    return Table("What differs between the fits", columns, tuple(dict.fromkeys(rows)), HOW_DIFFER)


def _brief(text: str) -> str:
    """Return a checksum by its beginning, and any other text as it is."""
    return text[:16] if len(text) >= 40 and text[:40].isalnum() else text
