"""The commands of the guides, really run: `daodi` in this process, `daodi serve` as one of its own, `curl`.

`curl` is read here and sent by httpx, so that what a guide shows is tried on machines without it. An option
that is not read here fails the guide that shows it.
"""

import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

import httpx

from api.cli.app import DONE, run

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ROOT / "docs" / "guides"
START_SECONDS = 30
LEARNT = {
    "TOKEN": re.compile(r"(daodi_\w+)"),
    "CODE": re.compile(r"the first is (\w+)"),
    "BATCH": re.compile(r"^batch (\w{64})$", re.MULTILINE),
}
"""What a reader of the guides notes down from what a command printed."""


class GuideFailed(AssertionError):
    """A line of a guide did not do what a reader would expect of it."""


def commands(language: str, who: str) -> list[str]:
    """Return every line a guide tells its reader to type."""
    text = (GUIDES / language / f"{who}.md").read_text("utf-8")
    blocks = re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    typed = [line for block in blocks for line in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
    return [re.sub(r"\s*\\?\n\s*", " ", line).strip() for line in typed]


@dataclass
class GuideShell:
    """A folder, what was noted down so far, and the service once one was started."""

    known: dict[str, str] = field(default_factory=dict)
    said: dict[str, list[str]] = field(default_factory=dict)
    """What each line printed, each time it was run."""
    served: subprocess.Popen[bytes] | None = None

    def type(self, line: str) -> str:
        """Run one line and return what it printed; raises `GuideFailed`."""
        said = self._run(self._expanded(line))
        self.said.setdefault(line, []).append(said)
        for name, pattern in LEARNT.items():
            found = pattern.search(said)
            if found:
                self.known.setdefault(name, found[1])
        return said

    def note_labels(self, sheet: Path) -> None:
        """Note the first and the last code of a sheet of labels, as the firms' guide says."""
        codes = re.findall(r"\b[0-9A-Z]{20}\b", sheet.read_text("utf-8-sig"))
        self.known |= {"FIRST": codes[0], "LAST": codes[-1]}

    def _expanded(self, line: str) -> str:
        line = re.sub(r"\$\(([^)]+)\)", lambda found: self._run(self._expanded(found[1])).strip(), line)
        return re.sub(r"\$([A-Z]+)", lambda found: self.known[found[1]], line)

    def _run(self, line: str) -> str:
        program, *words = shlex.split(line)
        if program == "cat":
            return Path(words[0]).read_text("utf-8")
        if program == "curl":
            return curl(words)
        if program != "daodi":
            raise GuideFailed(f"{program} is no program a reader has")
        return self._serve() if words == ["serve"] else _daodi(words)

    def _serve(self) -> str:
        self.served = subprocess.Popen(
            [sys.executable, "-m", "api", "serve"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + START_SECONDS
        while not _answers(self.known["SERVICE"]):
            if self.served.poll() is not None or time.monotonic() > deadline:
                raise GuideFailed("the service did not start")
            time.sleep(0.1)
        return ""


@contextmanager
def guide_shell(folder: Path, port: int) -> Iterator[GuideShell]:
    """Open a shell in `folder`, where the example of docs lies as it does in a checkout; end its service."""
    (folder / "docs").symlink_to(ROOT / "docs")
    service = f"http://127.0.0.1:{port}"
    shell = GuideShell({"SERVICE": service})
    before, cwd = dict(os.environ), Path.cwd()
    for name in [name for name in os.environ if name.startswith("DAODI_")]:
        del os.environ[name]
    os.environ |= {
        "DAODI_FOLDER": str(folder / "service"),
        "DAODI_PORT": str(port),
        "DAODI_BASE_URL": service,
    }
    os.environ |= {"LANG": "en_GB.UTF-8", "COLUMNS": "200"}
    os.chdir(folder)
    try:
        yield shell
    finally:
        if shell.served is not None:
            shell.served.terminate()
            shell.served.wait(START_SECONDS)
        os.chdir(cwd)
        os.environ.clear()
        os.environ |= before


def curl(words: list[str]) -> str:
    """Send what a `curl` line says and return the body; with `-f` an answer from 400 on fails the guide."""
    method, headers, body, out, address, failing = "", {}, None, None, "", False
    rest = iter(words)
    for word in rest:
        if word.startswith("-") and not word.startswith("--") and set(word[1:]) <= set("fsS"):
            failing = failing or "f" in word
        elif word == "-H":
            name, _, value = next(rest).partition(":")
            headers[name] = value.strip()
        elif word in ("-X", "-d", "-o"):
            value = next(rest)
            method = value if word == "-X" else method
            body = value.encode() if word == "-d" else body
            out = Path(value) if word == "-o" else out
        elif word.startswith("http://"):
            address = word
        else:
            raise GuideFailed(f"curl {word} is not read by this test")
    with httpx.Client(trust_env=False, timeout=30) as client:
        answer = client.request(method or ("POST" if body else "GET"), address, headers=headers, content=body)
    if failing and answer.is_error:
        raise GuideFailed(f"{address}: {answer.status_code} {answer.text}")
    if out is None:
        return answer.text
    out.write_bytes(answer.content)
    return ""


def _daodi(words: list[str]) -> str:
    said, complained = StringIO(), StringIO()
    with redirect_stdout(said), redirect_stderr(complained):
        outcome = run(words)
    if outcome != DONE:
        raise GuideFailed(f"daodi {shlex.join(words)}: {complained.getvalue()}")
    return said.getvalue()


def _answers(service: str) -> bool:
    try:
        return httpx.get(f"{service}/livez", trust_env=False).is_success
    except httpx.HTTPError:
        return False
