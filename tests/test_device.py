from typing import Any

import pytest
import torch

from ganzoo.device import DeviceError, full_precision, pick_device


def test_auto_is_the_fastest_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for cuda, mps, best in ((True, True, "cuda"), (False, True, "mps"), (False, False, "cpu")):
        monkeypatch.setattr(torch.cuda, "is_available", lambda there=cuda: there)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda there=mps: there)
        assert pick_device("auto").type == best
        assert pick_device("cpu").type == "cpu"


def test_a_device_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(DeviceError, match="no cuda device on this computer: choose auto or cpu"):
        pick_device("cuda")


@pytest.mark.parametrize("name", ["tpu", "cuda:1", "", "x" * 500])
def test_a_device_of_another_name(name: str) -> None:
    with pytest.raises(DeviceError, match="choose auto, cpu, cuda or mps") as caught:
        pick_device(name)
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize("precision", ["highest", "high", "medium"])
def test_full_precision_is_for_the_block_only(precision: str) -> None:
    backends: Any = torch.backends
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision(precision)
    try:
        with full_precision():
            assert backends.cuda.matmul.fp32_precision == "ieee"
            assert backends.cudnn.conv.fp32_precision == "ieee"
        assert torch.get_float32_matmul_precision() == precision
        assert torch.backends.cuda.matmul.allow_tf32 == (precision != "highest")
        assert torch.backends.cudnn.allow_tf32
    finally:
        torch.set_float32_matmul_precision(before)


def test_full_precision_lasts_until_the_last_thread_has_left() -> None:
    backends: Any = torch.backends
    before = backends.cudnn.conv.fp32_precision, backends.cudnn.rnn.fp32_precision
    assert "ieee" not in before
    first, second = full_precision(), full_precision()
    with first:
        second.__enter__()
    assert backends.cudnn.conv.fp32_precision == "ieee"
    second.__exit__(None, None, None)
    assert (backends.cudnn.conv.fp32_precision, backends.cudnn.rnn.fp32_precision) == before
