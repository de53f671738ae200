"""Ports for the tests' own servers, away from the page's, on which a test finds out what happens when it is taken."""

import socket


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
