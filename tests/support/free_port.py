"""Prints a loopback port that is free, as is the one after it (a broker needs both)."""
import random
import socket


def is_free(port):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_port():
    while True:
        port = random.randrange(20000, 32000, 2)
        if is_free(port) and is_free(port + 1):
            return port


if __name__ == "__main__":
    print(free_port())
