"""``vivant models``: what files there are, fetch them, check them."""

from __future__ import annotations

from typing import Annotated

import typer

from vivant.cli.options import Json
from vivant.cli.screen import note, progress, result, results_as_json
from vivant.errors import MissingError
from vivant.models.fetching import ModelReading, command_for, fetch, list_models
from vivant.models.fetching import verify as verify_models
from vivant.models.manifest import MODELS, core_models, model_named
from vivant.settings import settings_from

app = typer.Typer(no_args_is_help=True, help="The model files: list, fetch, verify.")

Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[NAME]...",
        help="Which models; those that every film needs when left out.",
        show_default=False,
    ),
]
All = Annotated[bool, typer.Option("--all", help="The optional ones too.")]


@app.command("list")
def list_command(as_json: Json = False) -> None:
    """List the models, where each comes from, its licence, and whether it is here."""
    _show(list_models(settings_from().places), as_json=as_json)


@app.command("fetch")
def fetch_command(names: Names = None, every: All = False, as_json: Json = False) -> None:
    """Fetch what is not here yet; afterwards no network is needed."""
    settings = settings_from()
    note("Vivant looks for its models.")
    wanted = list(MODELS) if every else names or [model.name for model in core_models()]
    for name in wanted:
        model_named(name)
    readings = [one for one in list_models(settings.places) if one.model.name in wanted]
    missing = [one for one in readings if one.state != "ready"]
    if settings.offline and missing:
        message = (
            f"VIVANT_OFFLINE is set and {len(missing)} models are missing. Unset it, or copy the folder "
            f"{missing[0].path.parent} from a machine that has them."
        )
        raise MissingError(message)
    with progress() as watch:
        readings = fetch(wanted, places=settings.places, watch=watch)
    if as_json:
        _show(readings, as_json=True)
    else:
        result(f"{len(readings)} models are ready in {readings[0].path.parent}")


@app.command("verify")
def verify_command(as_json: Json = False) -> None:
    """Check every model against its SHA-256."""
    readings = verify_models(settings_from().places)
    _show(readings, as_json=as_json)
    if any(not reading.ok for reading in readings):
        raise typer.Exit(MissingError.exit_code)


def _show(readings: list[ModelReading], *, as_json: bool) -> None:
    if as_json:
        results_as_json({"models": readings})
        return
    for reading in readings:
        model = reading.model
        result(
            f"{model.name:<16} {reading.state:<8} {model.size_bytes / 1e6:6.1f} MB  {model.licence:<11} "
            f"{model.author}: {model.purpose}"
        )
        if reading.state != "ready":
            need = "Optional. " if model.optional else ""
            result(f"{'':<16} {need}{reading.why} Run `{command_for(model)}`.")
