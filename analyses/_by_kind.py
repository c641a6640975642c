"""What options say of kinds, by their order or by their names: expected shares, earlier counts."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import typer

from data._how import did_you_mean
from data.mendel_shares import Kinds

LARGEST = 10**9
MANY = 8  # kinds, whose shares are not told one by one in a sentence
_NAMED = re.compile(r"\s*(.+?)\s*=\s*([^,=\s]+)\s*(?:,|$)")


@dataclass(frozen=True)
class Asked:
    """Counts of all kinds that the file or an option has, and what was asked of them.

    `parts` are the expected shares up to a factor, and `before` earlier counts, both in the order
    of `counts`.
    """

    counts: pd.Series
    parts: np.ndarray
    before: np.ndarray

    @property
    def expected(self) -> np.ndarray:
        """The expected shares, which add to one."""
        found: np.ndarray = self.parts / self.parts.sum()
        return found

    @property
    def stand(self) -> str:
        """Say what the kinds are expected to do, as far as a sentence can: “stand 9:3:3:1”."""
        if np.ptp(self.parts) == 0:
            return "come in equal shares"
        if len(self.parts) > MANY:
            return "come in the expected shares"
        return f"stand {':'.join(f'{one:.6g}' for one in self.parts)}"

    def codes(self, rows: pd.Series) -> np.ndarray:
        """Return the place of the kind of each row."""
        return self.counts.index.get_indexer(rows)

    @property
    def goes_on(self) -> dict[str, str]:
        """The options with which a study of more data goes on from this one; kinds by name."""
        kinds = list(map(str, self.counts.index))
        every = self.before + self.counts.to_numpy()
        return {
            "expected": _by_name(kinds, [f"{one:.15g}" for one in self.parts]),
            "before": _by_name(kinds, [f"{one:.0f}" for one in every]),
        }


def asked(found: Kinds, expected: str | None, before: str | None, ordered: bool) -> Asked:
    """Return the kinds with what the options --expected and --before say of them.

    Kinds that only an option names were observed 0 times. Where rows were counted the order of
    kinds is chance, so that different numbers need names; where there are none, nothing is ordered.

    Raises
    ------
    typer.BadParameter
        An option says nothing of this kind, or of other kinds than there are.
    """
    counts, by_row = found.counts, found.rows is not None
    if ordered and not by_row:
        raise typer.BadParameter(
            "--ordered is for a file with a row an observation, not for counts"
        )
    kinds = list(map(str, counts.index))
    earlier = _read("--before", before, kinds, by_row)
    wanted = _read("--expected", expected, [*dict.fromkeys([*kinds, *earlier])], by_row)
    _refuse_missing(wanted, [*kinds, *earlier])
    kinds = [*dict.fromkeys([*kinds, *earlier, *wanted])]
    share = np.array([wanted.get(kind, 1.0) for kind in kinds])
    known = np.array([earlier.get(kind, 0.0) for kind in kinds])
    if not (share.min() > 0 and share.max() < math.inf):
        raise typer.BadParameter(
            f"--expected {expected}: a share is not above 0; of a kind that cannot come, one is "
            "enough"
        )
    if (known % 1 != 0).any() or not (known.min() >= 0 and known.max() <= LARGEST):
        raise typer.BadParameter(f"--before {before}: not whole numbers of 0 to {LARGEST:,}")
    full = counts.reindex(kinds, fill_value=0)
    return Asked(full, share, known)


def _read(option: str, text: str | None, kinds: Sequence[str], by_row: bool) -> dict[str, float]:
    """Return the numbers of an option by kind; none where it was not given."""
    if text is None:
        return {}
    named = _NAMED.findall(text)
    if named and not _NAMED.sub("", text).strip():
        names = [name for name, _ in named]
        if len(set(names)) < len(names):
            raise typer.BadParameter(f"{option} {text}: a kind comes twice")
        return {name: _number(option, text, value) for name, value in named}
    values = [_number(option, text, one) for one in text.split(":")]
    if len(values) != len(kinds):
        raise typer.BadParameter(
            f"{option} {text}: {len(values)} numbers for {len(kinds)} kinds ({', '.join(kinds)}); "
            f"name them, also a kind that never came: {option} '{_example(kinds)}'"
        )
    if by_row and len(set(values)) > 1:
        raise typer.BadParameter(
            f"{option} {text}: which kind has which number? Rows were counted, so that the order "
            f"of the kinds is chance; name them: {option} '{_example(kinds)}'"
        )
    return dict(zip(kinds, values, strict=True))


def _number(option: str, text: str, value: str) -> float:
    try:
        found = float(value)
    except ValueError:
        found = math.nan
    if math.isnan(found):
        raise typer.BadParameter(
            f"{option} {text}: {value!r} is not a number; write 9:3:3:1, or 'kind=9,other=3'"
        )
    return found


def _refuse_missing(wanted: dict[str, float], kinds: Sequence[str]) -> None:
    """Refuse named shares that leave out a kind."""
    missing = [kind for kind in kinds if kind not in wanted] if wanted else []
    if missing:
        near = did_you_mean(missing[0], [name for name in wanted if name not in kinds])
        raise typer.BadParameter(f"--expected has no share for {missing[0]!r}{near}")


def _example(kinds: Sequence[str]) -> str:
    return _by_name(list(kinds)[:4], [str(one) for one in (9, 3, 3, 1)][: len(kinds)]) + (
        ",..." if len(kinds) > 4 else ""
    )


def _by_name(kinds: Sequence[str], values: Sequence[str]) -> str:
    return ",".join(f"{kind}={value}" for kind, value in zip(kinds, values, strict=True))
