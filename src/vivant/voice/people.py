"""Groups windows of speech by who speaks in them."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32, Int64
from scipy.cluster.hierarchy import fcluster, linkage

ALIKE = 0.70
"""Mean cosine of windows that are taken together at first."""
SAME, SAME_FEW = 0.92, 0.86
"""Cosine of the middles of two groups that are one person; where a group is small its middle wavers."""
FEW = 8
SAME_ELSEWHERE = 0.55
"""The same across recordings: another room and another telephone change a voice."""
MOST_OF_IT = 0.7
NOBODYS = 0.60
MARGIN = 0.04
"""A window that is not this much nearer to one person than to the next is both's or nobody's."""
FEWEST_WINDOWS = 2
MOST_WINDOWS = 1500
"""So many are grouped; the others join the nearest group."""


def _unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))


def people_in(
    vectors: Float32[np.ndarray, "windows 256"], of_recording: Int64[np.ndarray, " windows"]
) -> Float32[np.ndarray, "people 256"]:
    """Group windows into people, first within each recording, then across them.

    Args:
        vectors: Of length 1, as ``speaker.encode`` makes them.
        of_recording: Which recording each window is of.

    Returns:
        A vector of length 1 for each person.

    Source:
        Average-linkage clustering of speaker vectors, as usual in diarization.
    """
    found: list[tuple[int, np.ndarray, float]] = []  # windows, middle, share of its recording
    for recording in np.unique(of_recording).tolist():
        ours = vectors[of_recording == recording]
        groups = _groups(ours)
        found += [
            (len(group), _unit(group.mean(axis=0)), len(group) / len(ours)) for group in groups
        ]
    found.sort(key=lambda one: -one[0])
    people: list[np.ndarray] = []
    weights: list[int] = []
    for count, middle, share in found:
        alike = [float(middle @ _unit(one)) for one in people]
        nearest = int(np.argmax(alike)) if alike else -1
        same = SAME_FEW if count < FEW else SAME
        if alike and (
            alike[nearest] > same or (share > MOST_OF_IT and alike[nearest] > SAME_ELSEWHERE)
        ):
            people[nearest] = people[nearest] + count * middle
            weights[nearest] += count
        else:
            people.append(count * middle)
            weights.append(count)
    least = max(FEWEST_WINDOWS, round(0.03 * sum(weights)))
    kept = [one for one, count in zip(people, weights, strict=True) if count >= least] or people[:1]
    return _unit(np.stack(kept)).astype(np.float32)


def _groups(vectors: Float32[np.ndarray, "windows 256"]) -> list[np.ndarray]:
    if len(vectors) < 2:
        return [vectors]
    step = -(-len(vectors) // MOST_WINDOWS)
    some = vectors[::step]
    labels = fcluster(linkage(some, "average", metric="cosine"), 1.0 - ALIKE, criterion="distance")
    groups = [some[labels == label] for label in np.unique(labels)]
    groups.sort(key=len, reverse=True)
    merged = True
    while merged and len(groups) > 1:
        middles = _unit(np.stack([group.mean(axis=0) for group in groups]))
        alike = middles @ middles.T - 2 * np.eye(len(groups))
        a, b = np.unravel_index(int(np.argmax(alike)), alike.shape)
        few = min(len(groups[int(a)]), len(groups[int(b)])) < FEW
        merged = bool(alike[a, b] > (SAME_FEW if few else SAME))
        if merged:
            groups[int(a)] = np.concatenate([groups[int(a)], groups[int(b)]])
            del groups[int(b)]
    return groups


def whose(
    vectors: Float32[np.ndarray, "windows 256"], people: Float32[np.ndarray, "people 256"]
) -> Int64[np.ndarray, " windows"]:
    """Tell whose each window is; -1 where it is nobody's, or two people's."""
    alike = vectors @ people.T
    best = np.argmax(alike, axis=1)
    top = np.take_along_axis(alike, best[:, None], axis=1)[:, 0]
    second = np.partition(alike, -2, axis=1)[:, -2] if len(people) > 1 else np.full(len(top), -1.0)
    unclear = (top < NOBODYS) | (top - second < MARGIN)
    return np.where(unclear, -1, best).astype(np.int64)
