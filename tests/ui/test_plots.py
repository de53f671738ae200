from ganzoo.ui.plots import Group, class_bars, histograms


def test_histograms_share_their_bins_and_have_equal_areas() -> None:
    html = histograms("D(x)", [Group("a", "first", [0.0] * 3 + [1.0]), Group("b", "real", [1.0])], unit="")
    first, real = (part.partition('"/>')[0] for part in html.split(' d="')[1:])
    assert first.startswith("M0 100 V25.00 ")
    assert first.endswith("V75.00 H100.00 V100")
    assert real.startswith("M0 100 V100.00 ")
    assert real.endswith("V0.00 H100.00 V100")
    assert 'aria-label="D(x): a, 4 from 0 to 1; b, 1 from 1 to 1"' in html


def test_a_mark_lies_among_the_values_and_widens_the_axis_where_it_must() -> None:
    inside = histograms("x", [Group("a", "first", [0.0, 4.0])], unit="", mark=("this", 1.0))
    assert 'class="mark" d="M25.00 0 V100"' in inside
    outside = histograms("x", [Group("a", "first", [0.0, 4.0])], unit="", mark=("this", 8.0))
    assert 'class="mark" d="M100.00 0 V100"' in outside
    assert "this at 8" in outside


def test_values_that_are_all_the_same_are_one_bar() -> None:
    assert "V0.00" in histograms("x", [Group("a", "first", [2.0, 2.0])], unit="")


def test_class_bars_have_a_mark_each_and_escape_names() -> None:
    html = class_bars("By class", ["<b>", "two"], [0.2, 0.8], [0.4, 0.6])
    assert "<b>" not in html.replace('<b style="left:50.0%">', "").replace('<b style="left:75.0%">', "")
    assert 'width:25.0%"></i><b style="left:50.0%"' in html
    assert 'width:100.0%"></i><b style="left:75.0%"' in html
    assert "two 80 % (data 60 %)" in html
