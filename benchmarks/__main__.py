"""``python -m benchmarks VERB``: measure speed, or what it costs, and print what was found as a Markdown table."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, make_dataclass
from datetime import UTC, datetime
from inspect import getdoc, signature
from pathlib import Path
from signal import SIGTERM, default_int_handler, signal
from typing import Annotated, Any, get_type_hints

from tyro.conf import arg
from tyro.extras import subcommand_cli_from_dict

from benchmarks import crowd, quality, sampling, serving, training
from benchmarks.contest import ContestError
from benchmarks.hardware import hardware, versions
from benchmarks.report import Report, ReportError, Row, check_place
from ganzoo.data import DataError
from ganzoo.device import DeviceError, pick_device
from ganzoo.metrics import MetricError

VERBS: Mapping[str, Callable[..., list[Row]]] = {
    "training": training.measure,
    "sampling": sampling.measure,
    "serving": serving.measure,
    "crowd": crowd.measure,
    "quality": quality.measure,
}
"""By the name that the command line gives them. The arguments of each are its options; its docstring says what is
measured and how, to whom asks for help and to whom reads the report."""


def options(measure: Callable[..., list[Row]]) -> type[Any]:
    """A dataclass of the arguments of ``measure``, and of what the frame needs, for tyro to make options of."""
    kinds = get_type_hints(measure, include_extras=True)
    fields: list[tuple[str, Any, Any]] = [
        (name, kinds[name], field(default=parameter.default))
        for name, parameter in signature(measure).parameters.items()
    ]
    fields.append(
        ("json", Annotated[Path | None, arg(help="A file to write the report to as well.")], field(default=None))
    )
    return make_dataclass("Options", fields, kw_only=True, namespace={"__doc__": getdoc(measure)})


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit status."""
    kinds: dict[str, Callable[..., Any]] = {verb: options(measure) for verb, measure in VERBS.items()}
    chosen = subcommand_cli_from_dict(
        kinds,
        args=arguments,
        prog="python -m benchmarks",
        description="Measure beside the ordinary ways of doing the same, and print a Markdown table.",
    )
    verb = next(verb for verb, kind in kinds.items() if type(chosen) is kind)
    given = dict(vars(chosen))
    path: Path | None = given.pop("json")
    try:
        if path is not None:
            check_place(path)
        report = run(verb, given)
        print(report.markdown())
        if path is not None:
            report.save(path)
    except (ContestError, DataError, DeviceError, MetricError, ReportError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; no report was written.", file=sys.stderr)
        return 130
    return 0


def run(verb: str, given: Mapping[str, Any]) -> Report:
    """Measure, and say what it was measured on."""
    measure = VERBS[verb]
    device = pick_device(given.get("device", "auto"))
    rows = measure(**given)
    return Report(
        benchmark=verb,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        hardware=hardware(device),
        versions=versions(),
        rows=rows,
        notes=[" ".join((getdoc(measure) or "").split()), *(f"{row.name}: {row.note}" for row in rows if row.note)],
    )


if __name__ == "__main__":
    signal(SIGTERM, default_int_handler)  # as Ctrl-C does it: whatever was started is ended first
    sys.exit(main(sys.argv[1:]))
