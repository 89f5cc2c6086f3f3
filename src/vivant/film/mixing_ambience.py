"""The quiet of a film's places: wind on the stairway, a meadow, a room, water, one flowing into the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from vivant.media.mastering import MASTER_RATE_HZ
from vivant.media.sound import Sound
from vivant.music.ambience import ambience

QUIET_OF: Mapping[str, str] = MappingProxyType(
    {"stairway": "wind", "meadow": "meadow", "lake": "water", "room": "room"}
)
"""By the set's name; elsewhere it is a room's."""
FLOWS_S = 1.6


def ambience_of(
    places: Sequence[tuple[str, int, int]], *, samples: int, seed: int = 0
) -> Sound | None:
    """Make the quiet of a whole film.

    Args:
        places: Set, first sample and one past the last of each shot, at ``MASTER_RATE_HZ``, in order.
        samples: Length of the film; its cards share the quiet of the shots beside them.
        seed: Chance.
    """
    if not places:
        return None
    runs: list[tuple[str, int]] = []
    for set_name, first, _ in places:
        quiet = QUIET_OF.get(set_name, "room")
        if not runs or runs[-1][0] != quiet:
            runs.append((quiet, first))
    whole = np.zeros(samples, np.float32)
    flow = round(FLOWS_S * MASTER_RATE_HZ)
    for number, (quiet, first) in enumerate(runs):
        is_first, is_last = number == 0, number + 1 == len(runs)
        begins = 0 if is_first else max(0, first - flow // 2)
        ends = samples if is_last else min(samples, runs[number + 1][1] + flow // 2)
        if ends <= begins:
            continue
        made = ambience(
            quiet, seconds=(ends - begins) / MASTER_RATE_HZ, seed=seed + number
        ).samples[: ends - begins]
        share = np.ones(len(made), np.float32)
        rise = np.sin(np.linspace(0, np.pi / 2, min(flow, len(made)), dtype=np.float32))
        if not is_first:
            share[: len(rise)] *= rise
        if not is_last:
            share[len(share) - len(rise) :] *= rise[::-1]
        whole[begins : begins + len(made)] += made * share
    return Sound(samples=whole, sample_rate_hz=MASTER_RATE_HZ)
