"""Runs the command line in a home of its own, and watches its time and the memory of all its processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vivant import Places

SHOTS = "studio/*/[!.]*.shot.mp4"
"""Where kept shots lie in the cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A command that has ended."""

    took_s: float
    peak_mb: float
    """Of all processes together; what they share is counted in each."""
    largest_mb: float
    """Of the largest single process."""
    code: int
    told: dict[str, Any]
    """What it printed as JSON."""
    noted: str
    """What it told people."""

    def insist(self) -> Run:
        """Stop when it failed."""
        if self.code:
            raise RuntimeError(self.noted.strip().splitlines()[-1] if self.noted else "no message")
        return self


class Home:
    """Data, cache and compiled loops of their own; only the fetched models are shared."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cache = folder / "cache"
        self.cache.mkdir(parents=True, exist_ok=True)
        models, link = Places().cache / "models", folder / "cache" / "models"
        if models.is_dir() and not link.exists():
            link.symlink_to(models, target_is_directory=True)
        self._environment = {
            **os.environ,
            "VIVANT_DATA": str(folder / "data"),
            "VIVANT_CACHE": str(self.cache),
            "NUMBA_CACHE_DIR": str(folder / "compiled"),
        }

    @property
    def places(self) -> Places:
        """For the library."""
        return Places(data=self.folder / "data", cache=self.cache)

    def vivant(self, *words: str) -> Run:
        """Run a command with ``--json``."""
        noted = self.folder / "noted.txt"
        began_s = time.monotonic()
        with noted.open("w") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "vivant", *words, "--json"],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env=self._environment,
            )
            peak_mb, largest_mb = _watched(process)
        assert process.stdout is not None
        text = process.stdout.read()
        return Run(
            took_s=time.monotonic() - began_s,
            peak_mb=peak_mb,
            largest_mb=largest_mb,
            code=process.returncode,
            told=json.loads(text) if text.strip() else {},
            noted=noted.read_text(),
        )

    def shots(self) -> list[Path]:
        """Kept shots, the first used first."""
        return sorted(self.cache.glob(SHOTS), key=lambda path: path.stat().st_mtime_ns)

    def story(self, template: str, to: str, *changes: tuple[str, str]) -> Path:
        """Write a template's storyboard, some of its words changed."""
        path = self.folder / to
        self.vivant("storyboard", "new", template, "-o", str(path), "--replace").insist()
        text = path.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        return path


def _watched(process: subprocess.Popen[str]) -> tuple[float, float]:
    """Watch memory until a process ends: of it and all that it starts, and of the largest of them."""
    peak = largest = 0.0
    while process.poll() is None:
        held = [_resident_mb(pid) for pid in _family(process.pid)]
        peak, largest = max(peak, sum(held)), max(largest, *held, 0.0)
        try:
            process.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            continue
    return peak, largest


def _family(root: int) -> set[int]:
    """A process and all its descendants."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int(
                    (entry / "stat").read_text().rpartition(")")[2].split()[1]
                )
            except (OSError, IndexError):
                continue
    family, before = {root}, 0
    while len(family) > before:
        before = len(family)
        family |= {pid for pid, parent in parents.items() if parent in family}
    return family


def _resident_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    found = [line for line in lines if line.startswith("VmRSS")]
    return int(found[0].split()[1]) / 1000 if found else 0.0
