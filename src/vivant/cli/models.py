"""``vivant models``: what files there are, fetch them, check them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vivant.cli.options import Json
from vivant.cli.screen import note, progress, result, results_as_json
from vivant.errors import InputError, MissingError
from vivant.models.fetching import ModelReading, command_for, fetch, list_models
from vivant.models.fetching import verify as verify_models
from vivant.models.hub import HUB_MODELS, HubModel
from vivant.models.hub_fetching import (
    Weights,
    fetch_weights,
    licence_text,
    use_own_folder,
    weights_ready,
)
from vivant.models.manifest import MODELS, core_models, model_named
from vivant.settings import Settings, settings_from

app = typer.Typer(no_args_is_help=True, help="The model files: list, fetch, verify.")

Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[NAME]...",
        help="Which models; those that every film needs when left out.",
        show_default=False,
    ),
]
All = Annotated[
    bool,
    typer.Option("--all", help="The optional ones too; never weights that ask for a licence."),
]
Accept = Annotated[
    bool,
    typer.Option(
        "--accept-licence", help="You have read the licence of these weights, and accept it."
    ),
]
From = Annotated[
    Path | None,
    typer.Option(
        "--from",
        help="Use this folder of weights that you have, instead of fetching.",
        metavar="FOLDER",
    ),
]


@app.command("list")
def list_command(as_json: Json = False) -> None:
    """List the models, where each comes from, its licence, and whether it is here."""
    places = settings_from().places
    if as_json:
        weights = [
            {"weights": model, "ready": weights_ready(model, places=places) is not None}
            for model in HUB_MODELS.values()
        ]
        results_as_json({"models": list_models(places), "hub": weights})
        return
    _show(list_models(places), as_json=False)
    for model in HUB_MODELS.values():
        state = "ready" if weights_ready(model, places=places) is not None else "missing"
        result(
            f"{model.name:<16} {state:<8} {model.size_bytes / 1e6:6.0f} MB  {model.licence:<11} "
            f"{model.author}: {model.purpose}"
        )
        if state == "missing":
            result(
                f"{'':<16} Optional, never fetched by itself. `vivant models fetch {model.name}` shows its licence."
            )


@app.command("fetch")
def fetch_command(
    names: Names = None,
    every: All = False,
    accept: Accept = False,
    own: From = None,
    as_json: Json = False,
) -> None:
    """Fetch what is not here yet; afterwards no network is needed."""
    settings = settings_from()
    note("Vivant looks for its models.")
    neural = [HUB_MODELS[name] for name in names or () if name in HUB_MODELS]
    if neural:
        if len(neural) < len(names or ()):
            message = "Weights that ask for a licence are fetched by themselves. Name them alone."
            raise InputError(message)
        _weights(neural, settings, accept=accept, own=own, as_json=as_json)
        return
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


def _weights(
    models: list[HubModel], settings: Settings, *, accept: bool, own: Path | None, as_json: bool
) -> None:
    """Fetch weights from their hub once their licence is accepted, or remember a folder of them."""
    from vivant.models.apart import python_for

    places = settings.places
    found: list[Weights] = []
    for model in models:
        if own is not None:
            found.append(use_own_folder(model.name, own, places=places))
            continue
        ready = weights_ready(model, places=places)
        if ready is None and settings.offline:
            message = f"VIVANT_OFFLINE is set and the weights {model.name} are not here. Unset it, or name a folder that you have with --from."
            raise MissingError(message)
        if ready is None and accept:
            note(licence_text(model))
        with progress() as watch:
            found.append(
                ready
                or fetch_weights(
                    model.name,
                    accepted=accept,
                    places=places,
                    watch=watch,
                    python=python_for("diffusion", module="huggingface_hub", places=places),
                )
            )
    if as_json:
        results_as_json({"weights": found})
        return
    for one in found:
        result(f"Ready     {one.name} at {one.revision[:12]} in {one.folder} ({one.licence})")


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
