# SPDX-License-Identifier: GPL-3.0-or-later
"""What a worker says to the program, whose steps it computes: version 1 of the protocol of docs/own-learner.md."""

from __future__ import annotations

import json
import os
import pickle
import struct
import sys
import traceback
from collections.abc import Callable
from io import RawIOBase
from typing import Any, BinaryIO

import numpy as np

from .learner import Learner, Run, Step, Vector

VERSION = 1
MAGIC = b"STL1"
HELLO, READY, REQUEST, REPLY, FAILURE = range(1, 6)
STEP, COMMIT, FORGET, INITIALISE, EVALUATE, SAVE, RESTORE = range(1, 8)
_HEAD = struct.Struct("<4sIQ")
_OPERATION = struct.Struct("<II")
_STEP = struct.Struct("<QQ")
_FLOATS = np.dtype("<f8")
_A_STEP = "the step of agent '{name}', attempt {attempt}"
_Told = tuple[int, int | None, int, Vector | None, Vector | None]
"""A step: agent, attempt, seed, parameters, and the sample where there is one. Without an attempt: the last one counts."""
_NUMBER = struct.Struct("<Q")
_BUFFER = 1 << 18
"""Bytes that are read at once, so that a frame of an ordinary model costs one call of the system."""


class _Trouble(Exception):
    """What a user's class has done wrong, in one line."""


class _Agents:
    """The agents of one run: what they keep for themselves, and what of their last steps does not count yet."""

    def __init__(self, learner: Learner, metrics: list[str]) -> None:
        self.learner = learner
        self.metrics = metrics
        self.names = learner.run.agents
        self.dimension = learner.run.dimension
        self.shape = (self.dimension,)
        self.of_last_step: list[Any] = [None] * len(self.names)
        self._doing = ("the start", 0, 0)

    @property
    def doing(self) -> str:
        """What is being computed, for messages."""
        what, agent, attempt = self._doing
        return what.format(name=self.names[agent] if self.names else "", attempt=attempt)

    def answer(self, body: bytes) -> list[bytes]:
        """Carries out the operations of a request; gives what they are answered with."""
        (count,) = _NUMBER.unpack_from(body, 0)
        position = 8
        answers: list[bytes] = []
        steps: list[_Told] = []
        for _ in range(count):
            code, agent = _OPERATION.unpack_from(body, position)
            if code == STEP:
                position = self._read_step(agent, body, position + 8, steps)
            elif code == COMMIT:
                steps.append((agent, None, 0, None, None))
                position += 8
            else:
                self._take(steps, answers)
                position = self._operations[code](self, agent, body, position + 8, answers)
        self._take(steps, answers)
        return answers

    def _numbers(self, body: bytes, position: int, count: int) -> tuple[Vector, int]:
        # A frame is bytes, and so nobody can write to it.
        return np.frombuffer(body, _FLOATS, count, position), position + 8 * count

    def _vector(self, values: Any, what: str) -> bytes:
        vector = np.asarray(values, _FLOATS)
        if vector.shape != self.shape:
            raise _Trouble(f"{what} of {self.doing} has the shape {vector.shape}, and the agent ({self.dimension},)")
        return vector.tobytes()

    def _read_step(self, agent: int, body: bytes, position: int, steps: list[_Told]) -> int:
        attempt, seed = _STEP.unpack_from(body, position)
        parameters, position = self._numbers(body, position + 16, self.dimension)
        sample = None
        if self.learner.run.sample_numbers:
            sample, position = self._numbers(body, position, self.learner.run.sample_numbers)
        steps.append((agent, attempt, seed, parameters, sample))
        return position

    def _take(self, steps: list[_Told], answers: list[bytes]) -> None:
        """Takes steps straight after each other: to read, step and write in turns takes longer."""
        learner, states, of_last_step = self.learner, self.learner.states, self.of_last_step
        found: list[tuple[int, int, int, Vector]] = []
        for agent, attempt, seed, parameters, sample in steps:
            if attempt is None or parameters is None:
                states[agent] = of_last_step[agent]
                of_last_step[agent] = None
                continue
            self._doing = (_A_STEP, agent, attempt)
            if sample is not None:
                learner.sample = sample
            step = learner.step(agent, attempt, parameters, seed)
            if not isinstance(step, Step):
                raise _Trouble(f"{self.doing} gave a {type(step).__name__} and no Step")
            # A copy, as the class may write its next increment into the same place.
            found.append((agent, attempt, step.samples, np.array(step.increment, _FLOATS)))
            of_last_step[agent] = step.state
        for agent, attempt, samples, increment in found:
            self._doing = (_A_STEP, agent, attempt)
            answers += [_NUMBER.pack(samples), self._vector(increment, "the increment")]
        steps.clear()

    def _forget(self, agent: int, body: bytes, position: int, answers: list[bytes]) -> int:
        self._doing = ("the initial state of agent '{name}'", agent, 0)
        self.learner.states[agent] = self.learner.initial_state(agent)
        self.of_last_step[agent] = None
        return position

    def _initialise(self, agent: int, body: bytes, position: int, answers: list[bytes]) -> int:
        (seed,) = _NUMBER.unpack_from(body, position)
        self._doing = ("the start of agent '{name}'", agent, 0)
        answers.append(self._vector(self.learner.initialise(agent, seed), "the vector"))
        return position + 8

    def _evaluate(self, agent: int, body: bytes, position: int, answers: list[bytes]) -> int:
        (seed,) = _NUMBER.unpack_from(body, position)
        self._doing = ("the evaluation of agent '{name}'", agent, 0)
        parameters, position = self._numbers(body, position + 8, self.dimension)
        values = self.learner.evaluate(agent, parameters, seed)
        missing = [name for name in self.metrics if name not in values]
        if missing:
            raise _Trouble(f"{self.doing} gave no {', '.join(missing)}")
        answers.append(struct.pack(f"<{len(self.metrics)}d", *(float(values[name]) for name in self.metrics)))
        return position

    def _save(self, agent: int, body: bytes, position: int, answers: list[bytes]) -> int:
        (which,) = _NUMBER.unpack_from(body, position)
        self._doing = ("the state of agent '{name}'", agent, 0)
        state = pickle.dumps(self.of_last_step[agent] if which else self.learner.states[agent], protocol=5)
        answers += [_NUMBER.pack(len(state)), state]
        return position + 8

    def _restore(self, agent: int, body: bytes, position: int, answers: list[bytes]) -> int:
        which, count = (int(number) for number in _STEP.unpack_from(body, position))
        self._doing = ("the state of agent '{name}'", agent, 0)
        state = pickle.loads(body[position + 16 : position + 16 + count])
        if which:
            self.of_last_step[agent] = state
        else:
            self.learner.states[agent] = state
        return position + 16 + count

    _operations: dict[int, Callable[[_Agents, int, bytes, int, list[bytes]], int]] = {
        FORGET: _forget, INITIALISE: _initialise, EVALUATE: _evaluate, SAVE: _save, RESTORE: _restore,
    }


def serve(learner: type[Learner]) -> None:
    """Answers until nobody asks any more."""
    requests, replies = _streams()
    agents: _Agents | None = None
    while True:
        head = requests.read(_HEAD.size)
        if len(head) < _HEAD.size:
            return
        magic, kind, count = _HEAD.unpack(head)
        if magic != MAGIC:
            sys.exit("this program is a worker, which Starling starts: it cannot be used by itself")
        body = requests.read(count)
        try:
            if kind == HELLO:
                agents, ready = _begin(learner, body)
                _send(replies, READY, [ready])
            elif agents is not None:
                _send(replies, REPLY, agents.answer(body))
            else:
                raise _Trouble("a request came before any run began")
        except _Trouble as trouble:
            _send(replies, FAILURE, [str(trouble).encode()])
        except Exception as error:
            doing = agents.doing if agents is not None else "the start"
            _send(replies, FAILURE, [f"{doing}\n{_told(error)}".encode()])


def _told(error: Exception) -> str:
    """The traceback of an exception, from the user's own code on."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None and place.tb_frame.f_code.co_filename == __file__:
        place = place.tb_next
    return "".join(traceback.format_exception(type(error), error, place))


def _begin(learner: type[Learner], body: bytes) -> tuple[_Agents, bytes]:
    told = json.loads(body)
    run = Run(
        seed=told["seed"], replication=told["replication"], agents=told["agents"], dimension=told["parameters"],
        task=told["task"], sample_numbers=told["sampleNumbers"], step_sizes=told["stepSizes"], options=told["options"],
        metrics=told["metrics"],
    )
    dimension = learner.dimension if learner.dimension is not None else run.dimension
    ready = {"protocolVersion": VERSION, "parameters": dimension, "metrics": list(learner.metrics)}
    if dimension != run.dimension or ready["metrics"] != run.metrics:
        # The program says what does not agree; nothing is computed.
        return _Agents(Learner(run), []), json.dumps(ready).encode()
    return _Agents(learner(run), run.metrics), json.dumps(ready).encode()


def _streams() -> tuple[BinaryIO, RawIOBase]:
    """Where requests come from and replies go to; what anybody prints goes to standard error."""
    requests = os.fdopen(os.dup(0), "rb", _BUFFER)
    replies = os.fdopen(os.dup(1), "wb", 0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return requests, replies


def _send(replies: RawIOBase, kind: int, parts: list[bytes]) -> None:
    frame = b"".join([_HEAD.pack(MAGIC, kind, sum(map(len, parts))), *parts])
    # All of it leaves at once, unless a signal comes between.
    sent = replies.write(frame) or 0
    while sent < len(frame):
        sent += replies.write(memoryview(frame)[sent:]) or 0
