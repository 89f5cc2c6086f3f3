"""Make ``src/vivant/voice/engines/kokoro_styles.npz`` out of the npm package kokoro-js.

    npm pack kokoro-js@1.2.1 && tar xf kokoro-js-1.2.1.tgz
    python benchmarks/voice/pack_kokoro_styles.py package/voices src/vivant/voice/engines/kokoro_styles.npz

A style of Kokoro is a table of 510 rows, one for each length of the text, of 256 numbers. The 54
tables that the package holds (28 MB) turn out to be ten curves over the length, the same for all
voices, with 10 x 256 weights for each voice: what is left is 1e-5 of numbers whose spread is 0.19.
The curves are the left singular vectors of all tables side by side.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

LENGTHS, NUMBERS = 510, 256
CURVES = 10


def main() -> None:
    """Read the tables, find the curves, write the pack, and say how much was lost."""
    folder, out = (Path(argument) for argument in sys.argv[1:3])
    tables = {
        path.stem: np.fromfile(path, "<f4").reshape(LENGTHS, NUMBERS)
        for path in sorted(folder.glob("*.bin"))
    }
    beside = np.concatenate(list(tables.values()), axis=1).astype(np.float64)
    left, sizes, _ = np.linalg.svd(beside, full_matrices=False)
    curves = (left[:, :CURVES] * np.sqrt(LENGTHS) * np.sign(left[:, :CURVES].mean(axis=0))).astype(
        np.float32
    )
    weights = np.linalg.lstsq(curves.astype(np.float64), beside, rcond=None)[0].astype(np.float32)
    lost = beside - curves.astype(np.float64) @ weights
    np.savez_compressed(
        out,
        names=np.array(list(tables)),
        curves=curves,
        weights=weights.reshape(CURVES, len(tables), NUMBERS).transpose(1, 0, 2),
    )
    print(
        f"{len(tables)} voices in {out.stat().st_size:,} bytes; lost: {lost.std():.1e} of {beside.std():.2f}, "
        f"at most {np.abs(lost).max():.1e}; {CURVES + 1}th curve is {sizes[CURVES] / sizes[0]:.1e} of the first"
    )


if __name__ == "__main__":
    main()
