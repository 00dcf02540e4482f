"""Tools from outside that need Node or Java, on a running portal: Lighthouse, a second engine, an HTML checker.

`make audit` runs it. The tests need none of this; where something is missing, it says what. Scores under 95, errors of
the second engine and of the HTML checker end it with 1.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "outside"
PINNED = {"lighthouse": "12.8.2", "pa11y": "9.1.1", "vnu-jar": "26.9.27"}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LEAST = 95
PAGES = ["", "contact/?kind=complaint", "policies/privacy/", "faq/"]
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
]


def missing(address: str) -> list[str]:
    """What is needed and not here."""
    lines = []
    if not shutil.which("node") or not shutil.which("npm"):
        lines.append("Node 20 or newer with npm, for Lighthouse and pa11y: https://nodejs.org")
    if not shutil.which("java"):
        lines.append("Java 11 or newer, for the HTML checker: apt-get install default-jre-headless")
    if not chromium():
        lines.append("Chromium: make browser")
    try:
        urlopen(f"{address}/health/live", timeout=5)  # noqa: S310 - the address is the operator's own
    except (URLError, OSError):
        lines.append(f"A portal that answers at {address}: `make run` in another terminal, or ADDRESS=http://...")
    return lines


def chromium() -> str:
    """Where the browser is."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")


def install() -> Path:
    """The tools in the versions above, under var/; gives the folder of their packages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    stamp = FOLDER / "installed.json"
    if not stamp.exists() or json.loads(stamp.read_text()) != PINNED:
        packages = [f"{name}@{version}" for name, version in PINNED.items()]
        command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(FOLDER), *packages]
        subprocess.run(command, check=True, env=os.environ | {"PUPPETEER_SKIP_DOWNLOAD": "1"})
        stamp.write_text(json.dumps(PINNED))
    return FOLDER / "node_modules"


def addresses(address: str) -> list[str]:
    """The pages that stand for the rest, in both languages; the results of a poll where there are some."""
    found = re.search(rb'href="/en/(polls/[\w-]+/results/)"', _body(f"{address}/en/polls/"))
    results = [found[1].decode()] if found else []
    return [f"{address}/{language}/{page}" for language in ("ar", "en") for page in [*PAGES, *results]]


def _body(url: str) -> bytes:
    with urlopen(url, timeout=30) as answer:  # noqa: S310 - the operator's own portal
        return answer.read()


def lighthouse(modules: Path, url: str) -> Iterator[str]:
    """Scores of a page; a line for each under the least."""
    command = ["node", str(modules / "lighthouse/cli/index.js"), url, "--quiet", "--output=json"]
    command += [f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={' '.join(FLAGS)}"]
    answer = _run(command)
    categories = json.loads(answer)["categories"] if answer else {}
    scores = {name: round((categories.get(name, {}).get("score") or 0) * 100) for name in CATEGORIES}
    print(f"Lighthouse {url}: " + ", ".join(f"{name} {score}" for name, score in scores.items()), flush=True)
    yield from (f"Lighthouse {url}: {name} {score}" for name, score in scores.items() if score < LEAST)


def second_engine(modules: Path, url: str) -> Iterator[str]:
    """HTML_CodeSniffer's errors at WCAG 2 AA."""
    config = FOLDER / "pa11y.json"
    launch = {"executablePath": chromium(), "args": FLAGS}
    config.write_text(json.dumps({"chromeLaunchConfig": launch, "runners": ["htmlcs"], "standard": "WCAG2AA"}))
    command = ["node", str(modules / "pa11y/bin/pa11y.js"), "--config", str(config), "--reporter", "json", url]
    errors = json.loads(_run(command) or "[]")
    print(f"HTML_CodeSniffer {url}: {len(errors)} errors", flush=True)
    yield from (f"HTML_CodeSniffer {url}: {one['code']} {one['selector']}" for one in errors)


def html_checker(modules: Path, urls: list[str]) -> Iterator[str]:
    """Errors of the Nu HTML Checker, which reads files: it fetches nothing from this machine's own addresses."""
    folder = FOLDER / "pages"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    names = {f"{number}.html": url for number, url in enumerate(urls)}
    for name, url in names.items():
        (folder / name).write_bytes(_body(url))
    jar = next(modules.glob("vnu-jar/build/dist/*.jar"))
    files = [str(folder / name) for name in names]
    answer = _run(["java", "-jar", str(jar), "--errors-only", "--format", "json", "--stdout", *files])
    messages = json.loads(answer)["messages"]
    print(f"Nu HTML Checker: {len(messages)} errors on {len(urls)} pages", flush=True)
    for one in messages:
        url = names.get(Path(one.get("url", "")).name, "")
        yield f"Nu HTML Checker {url} line {one.get('lastLine', '')}: {one['message']}"


def _run(command: list[str]) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"CHROME_PATH": chromium()}
    )
    if not done.stdout.strip():
        print(done.stderr[-2000:], file=sys.stderr)
    return done.stdout


def main() -> int:
    """Run all three; 2 where something is missing."""
    address = os.environ.get("ADDRESS") or f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    if lines := missing(address):
        print("The tools from outside need:\n" + "\n".join(f"- {line}" for line in lines))
        return 2
    modules, urls = install(), addresses(address)
    found = [*html_checker(modules, urls)]
    for url in urls:
        found += [*second_engine(modules, url), *lighthouse(modules, url)]
    print("\n".join(found) or "Nothing found.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
