import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Lock, Thread

import pytest
import torch
from PIL import Image

from benchmarks.contest import ContestError
from benchmarks.load import Order, ask
from benchmarks.ordinary_page import build
from tests.ports import free_port


def order(url: str, **settings: object) -> Order:
    default = {"model": "alpha", "images": 4, "clients": 3, "seconds": 0.0, "seed": 8, "fresh": True}
    return Order(**{"url": url, **default, **settings})  # type: ignore[arg-type]


def picture() -> bytes:
    stream = BytesIO()
    Image.effect_noise((20, 20), 50).save(stream, "PNG")
    return stream.getvalue()


class Page(BaseHTTPRequestHandler):
    """Answers the first requests as the queue of a busy page might, and all others with a picture."""

    protocol_version = "HTTP/1.1"
    fates = ("refused", "broken", "no picture", "half a picture")
    asked: list[list[object]]
    lock: Lock

    def do_POST(self) -> None:
        data = json.loads(self.rfile.read(int(self.headers["content-length"])))["data"]
        with self.lock:
            self.asked.append(data)
            fate = dict(enumerate(self.fates)).get(len(self.asked) - 1, "fine")
        self._send(503 if fate == "refused" else 200, json.dumps({"event_id": fate.replace(" ", "-")}).encode())

    def do_GET(self) -> None:
        name = self.path.rpartition("/")[2]
        if name == "broken":
            self._send(200, b'event: error\ndata: {"error": "it went out"}\n\n')
        elif "/call/" in self.path:
            file = {"url": f"http://elsewhere:1/gradio_api/file={name}"}
            self._send(200, f"event: heartbeat\ndata: null\n\nevent: complete\ndata: {json.dumps([file])}\n\n".encode())
        else:
            whole = picture()
            self._send(200, {"file=no-picture": b"text", "file=half-a-picture": whole[:200]}.get(name, whole))

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def asked() -> list[list[object]]:
    return []


@pytest.fixture
def url(asked: list[list[object]]) -> Iterator[str]:
    page = type("ThisPage", (Page,), {"asked": asked, "lock": Lock()})
    with ThreadingHTTPServer(("127.0.0.1", 0), page) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_every_request_is_counted_once(url: str, asked: list[list[object]]) -> None:
    tally = ask(order(url, clients=5, seconds=0.3))
    assert tally.refused == 1
    assert tally.failed == 3
    assert tally.failure
    assert len(tally.latencies) + tally.refused + tally.failed == len(asked) >= 5
    assert 0 < min(tally.latencies) <= max(tally.latencies) <= tally.seconds
    assert tally.speed == len(tally.latencies) / tally.seconds


def test_no_two_requests_share_a_seed_unless_they_should(url: str, asked: list[list[object]]) -> None:
    ask(order(url, clients=5, seconds=0.3))
    assert {(model, images, truncation) for model, _, images, truncation in asked} == {("alpha", 4, 1.0)}
    assert sorted(seed for _, seed, *_ in asked) == [8 + 4 * i for i in range(len(asked))]  # type: ignore[type-var]
    asked.clear()
    ask(order(url, fresh=False))
    assert [seed for _, seed, *_ in asked] == [8, 8, 8]


def test_each_client_asks_at_least_once_of_the_real_page(page_url: str) -> None:
    tally = ask(order(page_url))
    assert (len(tally.latencies), tally.refused, tally.failed) == (3, 0, 0)


def test_what_the_page_says_no_to_has_failed(page_url: str) -> None:
    tally = ask(order(page_url, model="nobody"))
    assert (tally.latencies, tally.refused, tally.failed) == ([], 0, 3)
    assert "nobody" in tally.failure


def test_the_ordinary_page_answers_the_same_requests(zoo: Path) -> None:
    demo = build(zoo, torch.device("cpu"))
    _, url, _ = demo.launch(server_port=free_port(), quiet=True, prevent_thread_lock=True)
    try:
        tally = ask(order(url.rstrip("/"), model="beta"))
    finally:
        demo.close(verbose=False)
    assert (len(tally.latencies), tally.refused, tally.failed) == (3, 0, 0)


def test_clients_that_cannot_even_ask_are_one_sentence() -> None:
    with pytest.raises(ContestError, match="exit status 1"):
        ask(order("http://127.0.0.1:1", seconds="soon"))
