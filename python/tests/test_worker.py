# SPDX-License-Identifier: GPL-3.0-or-later
"""The protocol of workers, spoken by hand: no program is needed."""

import json
import socket
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).parent / "learners"
HELLO, READY, REQUEST, REPLY, FAILURE = range(1, 6)
STEP, COMMIT, FORGET, INITIALISE, EVALUATE, SAVE, RESTORE = range(1, 8)


class Worker:
    def __init__(self, file):
        self.ours, theirs = socket.socketpair()
        self.process = subprocess.Popen([sys.executable, FOLDER / file], stdin=theirs, stdout=theirs, stderr=subprocess.PIPE)
        theirs.close()
        self.stream = self.ours.makefile("rwb")

    def ask(self, kind, body):
        self.stream.write(struct.pack("<4sIQ", b"STL1", kind, len(body)) + body)
        self.stream.flush()
        magic, kind, count = struct.unpack("<4sIQ", self.stream.read(16))
        assert magic == b"STL1"
        return kind, self.stream.read(count)

    def hello(self, **more):
        told = {
            "protocolVersion": 1, "seed": 2**64 - 1, "replication": 0, "agents": ["a", "b", "c"], "parameters": 4,
            "metrics": ["excess", "counted"], "task": "external", "sampleNumbers": 0, "stepSizes": [0.1] * 3, "options": {},
        }
        kind, body = self.ask(HELLO, json.dumps({**told, **more}).encode())
        assert kind == READY
        return json.loads(body)

    def request(self, *operations):
        kind, body = self.ask(REQUEST, struct.pack("<Q", len(operations)) + b"".join(operations))
        assert kind == REPLY, body.decode()
        return body


@pytest.fixture
def worker():
    worker = Worker("momentum.py")
    yield worker
    worker.stream.close()
    worker.ours.close()
    assert worker.process.wait(timeout=60) == 0
    worker.process.stderr.close()


def step(agent, attempt, parameters, seed=7):
    return struct.pack("<IIQQ4d", STEP, agent, attempt, seed, *parameters)


def evaluate(agent):
    return struct.pack("<IIQ4d", EVALUATE, agent, 0, 0, 0, 0, 0)


def counted(body):
    return struct.unpack("<dd", body)[1]


def operation(code, agent):
    return struct.pack("<II", code, agent)


def test_a_step_is_what_it_is_given_and_counts_when_it_is_committed(worker):
    assert worker.hello() == {"protocolVersion": 1, "parameters": 4, "metrics": ["excess", "counted"]}
    first = worker.request(step(1, 0, [1, 2, 3, 4]))
    samples, *increment = struct.unpack("<Q4d", first)
    noise = np.random.default_rng(7).normal(size=4)
    assert samples == 2
    assert increment == list(0.9 * np.zeros(4) - 0.02 * (np.array([1, 2, 3, 4]) - 1 + 0.1 * noise))
    # A step that is not committed has never been.
    assert worker.request(step(1, 1, [1, 2, 3, 4])) == first
    assert counted(worker.request(evaluate(1))) == 0
    # Alone and together.
    together = worker.request(operation(COMMIT, 1), step(1, 2, [0] * 4), step(2, 0, [0] * 4), evaluate(1), evaluate(2))
    assert counted(together[-32:-16]) == 1 and counted(together[-16:]) == 0
    assert together[40:80] == worker.request(step(2, 0, [0] * 4))
    assert counted(worker.request(operation(FORGET, 1), evaluate(1))) == 0


def test_frames_that_wait_are_answered_one_after_the_other(worker):
    worker.hello()
    alone = [worker.request(step(agent, 0, [agent] * 4)) for agent in range(3)]
    for agent in range(3):
        body = struct.pack("<Q", 1) + step(agent, 0, [agent] * 4)
        worker.stream.write(struct.pack("<4sIQ", b"STL1", REQUEST, len(body)) + body)
    worker.stream.flush()
    for expected in alone:
        assert struct.unpack("<4sIQ", worker.stream.read(16)) == (b"STL1", REPLY, len(expected))
        assert worker.stream.read(len(expected)) == expected


def test_states_are_saved_and_restored(worker):
    worker.hello()
    worker.request(step(0, 0, [1] * 4))
    worker.request(operation(COMMIT, 0), step(0, 1, [2] * 4))
    saved = [worker.request(struct.pack("<IIQ", SAVE, 0, which))[8:] for which in (0, 1)]
    expected = worker.request(operation(COMMIT, 0), step(0, 2, [3] * 4))
    worker.hello()
    restore = [struct.pack("<IIQQ", RESTORE, 0, which, len(state)) + state for which, state in enumerate(saved)]
    assert worker.request(*restore, operation(COMMIT, 0), step(0, 2, [3] * 4)) == expected


def test_what_does_not_agree_is_said(worker):
    assert worker.hello(parameters=5)["parameters"] == 4


def test_a_request_without_a_run_fails(worker):
    kind, body = worker.ask(REQUEST, struct.pack("<Q", 0))
    assert (kind, body) == (FAILURE, b"a request came before any run began")
