"""Write losses.json anew, where a change is meant to alter the numbers: ``python -m tests.golden.regenerate``.

The commit that carries the new numbers says why they changed.
"""

import json
from pathlib import Path

from tests.cases import PAIRS, play, tiny

PATH = Path(__file__).with_name("losses.json")
TURNS = 3
"""After that, what processors round differently has grown to a thousandth in the game that amplifies it most."""


def first_losses(name: str) -> dict[str, list[float]]:
    """Each player's losses in its first turns: eager, float32, on the CPU, on synthetic images.

    Without drop-out, whose random numbers are the only ones that torch does not draw alike on every machine.
    """
    # Wide enough that a Wasserstein loss, a small difference, is more than rounding.
    played = play(tiny(*PAIRS[name], width=8, batch_size=16), TURNS, dropout=False)
    return {player: losses[:TURNS] for player, losses in played.items()}


def main() -> None:
    lines = []
    for name in PAIRS:
        losses = {player: [float(f"{loss:.7g}") for loss in values] for player, values in first_losses(name).items()}
        lines.append(f"{json.dumps(name)}: {json.dumps(losses)}")
    PATH.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
