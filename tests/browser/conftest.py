"""A real browser for the pages, and the pages: of every case, the index, and one that failed."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from analyses import ab_test
from reports.page.played import PLAY
from reports.play.pages import LESSONS, write
from tests.conftest import SEED
from tests.test_layers import CASES

NAMES = ("chromium", "chromium-browser", "google-chrome")
LAPTOP: ViewportSize = {"width": 1366, "height": 650}
PHONE: ViewportSize = {"width": 360, "height": 740}
INDEX, FAILED = "index", "failed"
PAGES = (*CASES, INDEX, FAILED)
Opened = Callable[..., AbstractContextManager[Page]]


def chromium() -> str:
    """Return the path of a Chromium; skip the test, saying how to get one, where there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"no browser: install one of {', '.join(NAMES)} (Debian: apt install chromium)")
    return found


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A headless Chromium for all tests of the pages."""
    path = chromium()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def page_of(
    made: Callable[[str], tuple[Path, int]],
    once: Callable[[str, Callable[[], int]], int],
    shared: Path,
) -> Callable[[str], Path]:
    """A function from the name of a page to its file; the page is made when it is first asked for.

    The index is that of all cases; FAILED is a page whose answer is withheld: one chain; a
    learner's page is `play/<stem>`.
    """
    out = shared / FAILED
    fails = partial(ab_test.main, chains=1, draws=50, seed=SEED, out=out, quiet=True)

    def path(name: str) -> Path:
        if name.startswith(f"{PLAY}/"):
            assert once(PLAY, lambda: len(write(shared / "lessons"))) == len(LESSONS)
            return shared / "lessons" / f"{name}.html"
        if name == FAILED:
            assert once(FAILED, fails) == 4
            return out / "ab_test.html"
        folders = {made(case)[0] for case in (CASES if name == INDEX else [name])}
        return folders.pop() / f"{name}.html"

    return path


@pytest.fixture
def opened(browser: Browser, page_of: Callable[[str], Path]) -> Opened:
    """A function that opens a page; leaving it fails if the page said or asked for anything.

    `refused` allows it to say what its policy refused.
    `served` is the address of a server that has the pages, else they are opened as files. Other
    keywords go to Playwright's `new_context` (viewport, color_scheme, java_script_enabled ...).
    """

    @contextmanager
    def open_page(
        name: str, *, served: str = "", refused: bool = False, **settings: Any
    ) -> Iterator[Page]:
        said: list[str] = []
        address = f"{served}/{name}.html" if served else page_of(name).as_uri()
        ours = ("file:", "data:", "blob:", *filter(None, [served]))
        context = browser.new_context(**{"viewport": LAPTOP, **settings})
        context.on(
            "request", lambda one: None if one.url.startswith(ours) else said.append(one.url)
        )
        page = context.new_page()
        page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(address)
        yield page
        context.close()
        assert [one for one in said if not (refused and "Content Security Policy" in one)] == []

    return open_page


def open_all(page: Page) -> None:
    """Open everything that is closed at first."""
    page.locator("details").evaluate_all("all => all.forEach(one => (one.open = true))")


@pytest.fixture
def served() -> Iterator[Callable[[Path], str]]:
    """A function that serves a folder on this machine and returns its address."""
    servers = []

    def serve(folder: Path) -> str:
        handler = partial(Quiet, directory=str(folder))
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


class Quiet(SimpleHTTPRequestHandler):
    """A server that does not log."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
