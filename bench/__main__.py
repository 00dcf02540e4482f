"""The benchmarks, one after the other on servers of their own: `python -m bench [name ...] [--record]`.

`--record` adds what was printed to bench/RESULTS.md. Ends with 1 where a target was missed. Figures are worth what the
machine was doing beside them: the load average before each benchmark is written down with it.
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from threading import Timer

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "RESULTS.md"
BENCHES = [
    "deadlines", "submissions", "queue", "sweep", "votes", "results", "suppression", "search", "catalogue",
    "opendata_pipeline", "rows",
]  # fmt: skip
PATIENCE = 20 * 60
"""Seconds after which a benchmark is stopped."""


def machine() -> str:
    """What the figures were measured on."""
    names = [line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    sizes = [int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")]
    memory = f"{sizes[0] / 2**20:.0f} GiB" if sizes else "memory unknown"
    cpu = names[0] if names else platform.processor() or platform.machine()
    return f"{cpu}, {os.cpu_count()} cores, {memory}, {platform.system()}, Python {platform.python_version()}"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


def run(name: str) -> tuple[str, bool]:
    """Run one benchmark, showing its lines as they come; returns them and whether every target was kept."""
    shown = f"load before: {os.getloadavg()[0]:.1f}"
    print(f"\n{name} ({shown})", flush=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.stage", name], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    timer = Timer(PATIENCE, process.terminate)
    timer.start()
    lines = [shown]
    try:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line.rstrip())
        assert process.stderr is not None
        if complaint := process.stderr.read().strip():
            print(complaint, file=sys.stderr)
            lines.append(complaint.splitlines()[-1])
    finally:
        timer.cancel()
        if process.poll() is None:
            process.terminate()
        process.wait()
    return "\n".join(lines), process.returncode == 0


def record(command: str, found: dict[str, str]) -> None:
    """Add the figures to RESULTS.md, newest last."""
    text = RESULTS.read_text() if RESULTS.exists() else "# Recorded runs of `python -m bench`\n"
    text += f"\n## {datetime.now(UTC):%Y-%m-%d}\n\n`{command}` on {machine()}\n"
    for name, lines in found.items():
        text += f"\n### {name}\n\n```text\n{lines}\n```\n"
    RESULTS.write_text(text)


def main() -> None:
    """Run the benchmarks named on the command line, or all of them."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="benchmarks, beside peers")
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHES))
    parser.add_argument("--record", action="store_true", help="add the figures to bench/RESULTS.md")
    options = parser.parse_args()
    if unknown := set(options.names) - set(BENCHES):
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    print(machine())
    results = {name: run(name) for name in options.names or BENCHES}
    if options.record:
        command = " ".join(["python -m bench", *sys.argv[1:]])
        record(command, {name: lines for name, (lines, _kept) in results.items()})
    missed = [name for name, (_lines, kept) in results.items() if not kept]
    if missed:
        raise SystemExit(f"\nmissed a target or failed: {', '.join(missed)}")


if __name__ == "__main__":
    main()
