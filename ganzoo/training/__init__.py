"""The one loop that plays any game, and the folder that a run lives in."""
