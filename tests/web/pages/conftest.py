"""A running Nimrod of its own and a headless Chromium, for the tests that look at pages as people do."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

STARTS_WITHIN_S = 180
WAITS_MS = 30_000
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
PASSWORD = "nimrod-demo"


def _chromium() -> str | None:
    named = os.environ.get("NIMROD_CHROMIUM")
    return named or shutil.which("chromium", path=f"/usr/bin{os.pathsep}{os.environ.get('PATH', '')}")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `nimrod serve` on a fresh demo world."""
    if _chromium() is None:
        pytest.skip("no Chromium: install it or name it in NIMROD_CHROMIUM")
    folder = tmp_path_factory.mktemp("served")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("NIMROD_", "NICEGUI_", "PYTEST_"))
    }
    ours = {"NIMROD_DATA_DIR": str(folder / "var"), "NIMROD_PORT": str(port), "NIMROD_LOG_LEVEL": "warning"}
    command = [sys.executable, "-m", "nimrod.app", "serve"]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=folder, env=kept | ours, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_for(f"http://127.0.0.1:{port}", server, folder / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(20)


def _wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + STARTS_WITHIN_S
    with httpx2.Client(base_url=address) as client:
        while time.monotonic() < end and server.poll() is None:
            try:
                if client.get("/platform/v1/demo").is_success:
                    return
            except httpx2.TransportError:
                time.sleep(0.2)
    pytest.fail(f"nimrod serve did not start: {log.read_text()[-2000:]}")


@pytest.fixture(scope="module")
def browser(served: str) -> Iterator[Browser]:
    """Headless Chromium for one file of tests: while it is open this thread has a loop; async tests could not run."""
    expect.set_options(timeout=WAITS_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        yield chromium
        chromium.close()


class Visitor:
    """A person at a fresh browser. `strangers` are requests to any other host, `complaints` what the console said."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.strangers: list[str] = []
        self.complaints: list[str] = []
        page.set_default_timeout(WAITS_MS)
        page.on("request", self._seen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _seen(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.strangers.append(request.url)

    def sign_in(self, login: str, password: str = PASSWORD) -> None:
        """Fill in the form and press Enter."""
        self.page.goto(self.address)
        self.page.get_by_label("Name or e-mail").fill(login)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.keyboard.press("Enter")

    def open_ride(self, login: str) -> None:
        """Sign in as a customer and wait for map and rides."""
        self.sign_in(login)
        self.page.locator("[data-ready=true]").wait_for()
        self.page.locator(".rides-list > *").first.wait_for(state="attached")
        self.page.locator(".tray > *").first.wait_for(state="attached")

    def say(self, words: str) -> None:
        """Write a message and press Enter."""
        field = self.page.get_by_label("Your message")
        field.fill(words)
        field.press("Enter")

    def go(self, tab: str) -> None:
        """Tap a tab of the bar below."""
        self.page.get_by_role("navigation").get_by_role("button", name=tab).click()


Visit = Callable[[dict[str, int]], Visitor]


@pytest.fixture
def visit(browser: Browser, served: str) -> Iterator[Visit]:
    """Opens a fresh browser of a size."""
    contexts = []

    def opened(size: dict[str, int]) -> Visitor:
        context = browser.new_context(viewport={"width": size["width"], "height": size["height"]}, locale="en-GB")
        contexts.append(context)
        return Visitor(context.new_page(), served)

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def phone(visit: Visit) -> Visitor:
    """A visitor with a phone."""
    return visit(PHONE)


@pytest.fixture
def desktop(visit: Visit) -> Visitor:
    """A visitor with a large screen."""
    return visit(DESKTOP)
