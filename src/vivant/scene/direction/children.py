"""*Children*: kneeling down to a child, a newborn in the arms, comfort for grown relatives."""

from __future__ import annotations

from vivant.scene.direction.call import Direction
from vivant.scene.direction.kneeling import kneel_to

DIRECTIONS: dict[str, Direction] = {"kneel-to": kneel_to}
