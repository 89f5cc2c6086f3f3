"""Sound files read from front to back, without a jump.

The library that reads sound files jumps to where it is after each block. In an MP3 a jump loses what the
coder carried over from the packets before, and some hundredths of a second behind it are wrong.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import soundfile
from jaxtyping import Float32


class ForwardFile(soundfile.SoundFile):  # type: ignore[misc]
    """A sound file for reading that is never jumped in."""

    def seekable(self) -> bool:
        """Say no, so that reading does not jump."""
        return False

    def pieces(self, frames: int) -> Iterator[Float32[np.ndarray, "frames channels"]]:
        """Read the rest in blocks; the last one is shorter."""
        while len(block := self.read(frames, dtype="float32", always_2d=True)):
            yield block
