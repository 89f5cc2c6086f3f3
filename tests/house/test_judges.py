"""What judges how like a person a voice is, may not be known to what makes it so."""

from __future__ import annotations

import ast
from pathlib import Path

import vivant

JUDGES = frozenset(
    f"vivant.voice.{name}" for name in ("similarity", "spectral_likelihood", "speaker")
)
SOURCE = Path(vivant.__file__).parent


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> set[str]:
    """List what a module imports anywhere in it, also inside its functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_no_voice_engine_knows_the_judges_of_likeness() -> None:
    graph = {module_name(path): imports_of(path) for path in SOURCE.rglob("*.py")}
    reached = {name for name in graph if name.startswith("vivant.voice.engines.")}
    assert len(reached) > 10
    waiting = list(reached)
    while waiting:
        for name in graph.get(waiting.pop(), set()):
            if name in graph and name not in reached:
                reached.add(name)
                waiting.append(name)
    assert not reached & JUDGES
    assert graph.keys() >= JUDGES
