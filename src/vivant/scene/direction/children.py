"""*Children*: kneeling down to a child, a newborn in the arms, comfort for grown relatives."""

from __future__ import annotations

from vivant.scene.direction.call import Direction
from vivant.scene.direction.comforting import comfort
from vivant.scene.direction.cradling import cradle
from vivant.scene.direction.holding import hold_close
from vivant.scene.direction.kneeling import kneel_to

DIRECTIONS: dict[str, Direction] = {
    "kneel-to": kneel_to,
    "hold-close": hold_close,
    "cradle": cradle,
    "comfort": comfort,
}
