"""How the page looks: a quiet theme of our own, and what ``launch`` must be told so that every launch looks like it."""

from pathlib import Path
from typing import Any

import gradio as gr

from ganzoo.inference.batching import WAITING

BROWSER = Path(__file__).parent / "browser"
FONT = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif")
MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "Liberation Mono", "monospace")


def theme() -> gr.themes.Base:
    """Hairlines, no shadows, one accent, the system's fonts; gradio follows the system between light and dark."""
    accent, accent_dark = "*primary_700", "*primary_400"
    line, line_dark = "*neutral_200", "*neutral_700"
    return gr.themes.Base(
        primary_hue=gr.themes.colors.sky,
        secondary_hue=gr.themes.colors.sky,
        neutral_hue=gr.themes.colors.stone,
        font=FONT,
        font_mono=MONO,
        radius_size=gr.themes.sizes.radius_sm,
        text_size=gr.themes.sizes.text_md,
    ).set(
        body_background_fill="*neutral_50",
        body_background_fill_dark="*neutral_950",
        body_text_color="*neutral_900",
        body_text_color_dark="*neutral_100",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_400",
        background_fill_primary="white",
        background_fill_primary_dark="*neutral_900",
        background_fill_secondary="*neutral_100",
        background_fill_secondary_dark="*neutral_800",
        border_color_primary=line,
        border_color_primary_dark=line_dark,
        color_accent=accent,
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        block_padding="0px",
        block_shadow="none",
        block_label_background_fill="transparent",
        block_label_background_fill_dark="transparent",
        block_title_text_color="*body_text_color",
        block_title_text_color_dark="*body_text_color",
        block_title_text_weight="500",
        block_info_text_color="*body_text_color_subdued",
        block_info_text_color_dark="*body_text_color_subdued",
        layout_gap="24px",
        form_gap_width="0px",
        input_background_fill="white",
        input_background_fill_dark="*neutral_900",
        input_border_width="1px",
        button_large_text_weight="400",
        button_medium_text_weight="400",
        input_border_color="*neutral_300",
        input_border_color_dark="*neutral_600",
        input_border_color_focus=accent,
        input_border_color_focus_dark=accent_dark,
        input_shadow="none",
        input_shadow_focus="none",
        input_shadow_focus_dark="none",
        slider_color=accent,
        slider_color_dark=accent_dark,
        loader_color=accent,
        loader_color_dark=accent_dark,
        link_text_color=accent,
        link_text_color_dark=accent_dark,
        link_text_color_visited=accent,
        link_text_color_visited_dark=accent_dark,
        checkbox_background_color_selected=accent,
        checkbox_background_color_selected_dark=accent,
        checkbox_border_color_selected=accent,
        checkbox_border_color_selected_dark=accent,
        checkbox_border_color="*neutral_400",
        checkbox_border_color_dark="*neutral_500",
        checkbox_border_color_hover="*neutral_500",
        checkbox_border_color_hover_dark="*neutral_400",
        checkbox_label_background_fill="transparent",
        checkbox_label_background_fill_dark="transparent",
        checkbox_label_background_fill_hover="*neutral_100",
        checkbox_label_background_fill_hover_dark="*neutral_800",
        checkbox_label_background_fill_selected="transparent",
        checkbox_label_background_fill_selected_dark="transparent",
        checkbox_label_border_color=line,
        checkbox_label_border_color_dark=line_dark,
        checkbox_label_border_width="1px",
        checkbox_label_shadow="none",
        checkbox_label_text_color_selected="*body_text_color",
        checkbox_label_text_color_selected_dark="*body_text_color",
        button_border_width="1px",
        button_secondary_background_fill="transparent",
        button_secondary_background_fill_dark="transparent",
        button_secondary_background_fill_hover="*neutral_100",
        button_secondary_background_fill_hover_dark="*neutral_800",
        button_secondary_border_color="*neutral_300",
        button_secondary_border_color_dark="*neutral_600",
        button_secondary_border_color_hover="*neutral_400",
        button_secondary_border_color_hover_dark="*neutral_500",
        button_secondary_text_color="*body_text_color",
        button_secondary_text_color_dark="*body_text_color",
        button_secondary_shadow="none",
        button_secondary_shadow_hover="none",
        button_secondary_shadow_active="none",
        button_transition="none",
    )


def launch_options() -> dict[str, Any]:
    """What ``demo.launch`` takes for the page to be whole: gradio wants its looks there, not where it is built."""
    return {
        "theme": theme(),
        "css": _together("page.css"),
        "head": f"<script>{_together('parts.js')}</script>",
        "enable_monitoring": False,
        "footer_links": ["api"],
        "max_file_size": "1mb",  # nobody has a reason to send a file
        "max_threads": 2 * WAITING,  # or requests would wait for a thread, where nobody counts them
        "run_history": False,
        "state_session_capacity": 256,  # gradio keeps what it last told each of so many visitors
        "ssr_mode": False,
        "pwa": False,
    }


def _together(first: str) -> str:
    """All files of one kind for the browser as one text, ``first`` before those that build on it."""
    start = BROWSER / first
    others = sorted(set(BROWSER.glob(f"*{start.suffix}")) - {start})
    return "\n".join(file.read_text(encoding="utf-8") for file in (start, *others))
