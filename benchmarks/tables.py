"""Tables on the screen."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

WIDTH = 150


def screen() -> Console:
    """Make a console wide enough for the tables."""
    console = Console()
    console.width = max(console.width, WIDTH)
    return console


def show(console: Console, title: str, rows: list[dict[str, Any]]) -> None:
    """Print rows; a column for each key there is."""
    table = Table(title=title, title_justify="left")
    columns = list(dict.fromkeys(key for row in rows for key in row))
    for column in columns:
        table.add_column(column.replace("_", " "), justify="left" if column == "what" else "right")
    for row in rows:
        table.add_row(*(_cell(row.get(column, "")) for column in columns))
    console.print(table)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "reached" if value else "MISSED"
    return f"{value:.3g}" if isinstance(value, float) else str(value)
