"""The options of a cluster, `--on`; what takes long to import is imported when it is used."""

import functools
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

SHAPE = re.compile(r"local:[1-9]\d{0,2}|(?:tcp|tls)://[^\s/]+:\d{1,5}")


class NoClusterError(Exception):
    """There is no cluster that does the work; the message is for the user."""


def _address(value: str | None) -> str | None:
    """Return the address of a scheduler, or local:N, if it is one."""
    if value is not None and not SHAPE.fullmatch(value):
        raise typer.BadParameter(
            f"{value!r} is no scheduler; it is tcp://HOST:PORT, tls://HOST:PORT or local:PROCESSES"
        )
    return value


def _file(what: str) -> typer.models.OptionInfo:
    found: typer.models.OptionInfo = typer.Option(
        metavar="FILE.pem", exists=True, dir_okay=False, help=f"{what}, for --on tls://HOST:PORT."
    )
    return found


Address = Annotated[
    str | None,
    typer.Option(
        "--on",
        metavar="tcp://HOST:PORT",
        callback=_address,
        help="Dask scheduler whose workers compute; local:4 are four processes here.",
    ),
]
Ca = Annotated[Path | None, _file("Certificate of who vouches for the cluster")]
Cert = Annotated[Path | None, _file("Certificate of this client")]
Key = Annotated[Path | None, _file("Its private key")]


@dataclass(frozen=True)
class On:
    """Where work is done: the address of a scheduler, and the certificates to speak to it."""

    address: str
    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None


def place(
    address: str | None, ca: Path | None, cert: Path | None, key: Path | None, *, jobs: int | None
) -> On | None:
    """Return where work is done, None for here.

    Raises
    ------
    typer.BadParameter
        The options contradict one another.
    """
    given = [one is not None for one in (ca, cert, key)]
    if address is None:
        if any(given):
            raise typer.BadParameter("--tls-ca, --tls-cert and --tls-key go with --on tls://…")
        return None
    if jobs is not None:
        raise typer.BadParameter("--jobs is for this machine alone; not with --on")
    if address.startswith("tls:") != any(given) or any(given) != all(given):
        raise typer.BadParameter(
            "--on tls://… and --tls-ca, --tls-cert, --tls-key go together, all four"
        )
    return On(address, ca, cert, key)


OPTIONS = {"on": Address, "tls_ca": Ca, "tls_cert": Cert, "tls_key": Key}


def clustered(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a cluster in the place of its parameter `where`.

    It is called with the `On` that these say, or None; where it has `jobs`, one excludes the other.
    """
    signature = inspect.signature(command)
    option = functools.partial(inspect.Parameter, kind=inspect.Parameter.KEYWORD_ONLY, default=None)
    ours = [option(name, annotation=annotation) for name, annotation in OPTIONS.items()]
    theirs = [one for name, one in signature.parameters.items() if name != "where"]

    @functools.wraps(command)
    def with_options(**given: Any) -> None:
        where = place(*(given.pop(name) for name in OPTIONS), jobs=given.get("jobs"))
        command(**given, where=where)

    with_options.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in theirs] + ours
    )
    return with_options
