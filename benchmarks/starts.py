"""How soon something happens: first line of a command, first frame of a film."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks import people

FIRST_FRAME = """
import sys, time
began_s = time.monotonic()
from pathlib import Path
from vivant import attest, build_rig, take_photos
from vivant.render.rendering import render
from vivant.performance.performing import perform_idle
from vivant.rig.rig import load_rig, save_rig
photo, kept, warm = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] == "warm"
imported_s = time.monotonic()
if warm:
    rig = load_rig(kept)
else:
    rig = build_rig(take_photos([photo], consent=attest("public-domain")))
    save_rig(rig, kept)
next(iter(render(rig, perform_idle(1.0), width_px=1280, height_px=720)))
print(time.monotonic() - began_s, time.monotonic() - imported_s)
"""


def run(folder: Path) -> list[dict[str, Any]]:
    """Measure each in processes of its own, the best of three."""
    photo = people.photo("hopper", folder)
    kept = folder / "hopper.rig"
    rows = [
        _command("vivant --help", ["--help"], bar_s=0.5),
        _command(
            "vivant film, first line",
            ["film", str(photo), "--say", "", "--attest", "self", "-o", str(folder / "a.mp4")],
            bar_s=2.0,
        ),
    ]
    for kind, bar_s in (("cold", 3.0), ("warm", 0.5)):
        times = [_first_frame(photo, kept, kind) for _ in range(3)]
        whole_s, after_import_s = (min(one) for one in zip(*times, strict=True))
        rows.append(
            {
                "what": f"photo to first frame, {kind}",
                "seconds": whole_s if kind == "cold" else after_import_s,
                "bar_s": bar_s,
                "ok": (whole_s if kind == "cold" else after_import_s) <= bar_s,
                "after_import_s": after_import_s,
            }
        )
    return rows


def _command(what: str, words: list[str], *, bar_s: float) -> dict[str, Any]:
    best_s = min(_first_line_s(words) for _ in range(3))
    return {"what": what, "seconds": best_s, "bar_s": bar_s, "ok": best_s <= bar_s}


def _first_line_s(words: list[str]) -> float:
    began_s = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "vivant", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        first_s = time.monotonic() - began_s
        process.stdout.read()
    return first_s


def _first_frame(photo: Path, kept: Path, kind: str) -> tuple[float, float]:
    told = subprocess.run(
        [sys.executable, "-c", FIRST_FRAME, str(photo), str(kept), kind],
        capture_output=True,
        text=True,
        check=True,
    )
    whole_s, after_import_s = map(float, told.stdout.split()[-2:])
    return whole_s, after_import_s
