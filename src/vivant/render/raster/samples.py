"""Where in a pixel the samples lie."""

from __future__ import annotations

import numpy as np

SAMPLE_X = np.array([-0.125, 0.375, -0.375, 0.125], np.float32)
SAMPLE_Y = np.array([-0.375, -0.125, 0.125, 0.375], np.float32)
"""A rotated grid: no two samples share a row or a column, so edges of every slope are smooth."""
SAMPLES = len(SAMPLE_X)
BLOCK = 4
"""Pixels that are looked at together: a processor compares their samples all at once."""
LANES = BLOCK * SAMPLES
LANE_X = np.concatenate([SAMPLE_X + pixel for pixel in range(BLOCK)]).astype(np.float32)
LANE_Y = np.concatenate([SAMPLE_Y] * BLOCK).astype(np.float32)
"""Where the samples of a block lie, from the middle of its first pixel."""
