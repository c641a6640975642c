"""Whether a study's page is wanted, or only what it says: in a table of many studies a row each."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_FOUND: ContextVar[list[dict[str, Any]] | None] = ContextVar("found", default=None)


@contextmanager
def numbers_only() -> Iterator[list[dict[str, Any]]]:
    """Let studies write no page and draw no figure while this lasts; what they found is kept here.

    Numbers, warnings, status and answer are those of the page.
    """
    found: list[dict[str, Any]] = []
    token = _FOUND.set(found)
    try:
        yield found
    finally:
        _FOUND.reset(token)


def page_wanted() -> bool:
    """Say whether what is only for a page has to be made."""
    return _FOUND.get() is None


def keep(found: dict[str, Any]) -> None:
    """Keep what a study found, where only that is wanted."""
    kept = _FOUND.get()
    assert kept is not None
    kept.append(found)
