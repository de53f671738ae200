"""Checkpoints: folders that hold a trained generator and its opponent, and that nothing is believed of until checked.

A folder holds ``config.json`` (which networks, built from what, trained how), ``model.safetensors``,
``discriminator.safetensors``, ``README.md`` (the model card), and what the run left along the way. No pickle is ever
read or written.
"""

from ganzoo.checkpoints.config import CheckpointConfig, CheckpointError
from ganzoo.checkpoints.history import HISTORY_FILE, Curve, Quality, loss_curves, quality_curve
from ganzoo.checkpoints.reading import Checkpoint, checkpoint_name, file_inside, find_checkpoints, read_checkpoint
from ganzoo.checkpoints.writing import add_scores, save_checkpoint

__all__ = [
    "HISTORY_FILE",
    "Checkpoint",
    "CheckpointConfig",
    "CheckpointError",
    "Curve",
    "Quality",
    "add_scores",
    "checkpoint_name",
    "file_inside",
    "find_checkpoints",
    "loss_curves",
    "quality_curve",
    "read_checkpoint",
    "save_checkpoint",
]
