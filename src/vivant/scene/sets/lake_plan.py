"""Where everything at the lake stands. The person is at the origin, on a jetty, and faces +z; the sun is behind, to the left."""

from __future__ import annotations

import numpy as np

SUN_YAW_RAD = np.pi + 0.26
HAZE_PER_M = 0.0016
WATER_M = -0.62
"""The water's level; the jetty's boards lie at 0."""
JETTY_LEFT_M, JETTY_RIGHT_M = -2.35, -0.95
JETTY_NEAR_M, JETTY_FAR_M = 4.2, -10.5
SHORE_M = 165.0
"""How far away the other shore is."""
