"""The page: one file a tab, over a cache of models. The only part that imports gradio."""

import os

# Read by gradio when it is imported: nothing about a visit leaves this computer.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

from ganzoo.ui.stubs import without_stubs

with without_stubs():
    import gradio as gradio
