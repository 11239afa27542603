# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker without any package: version 1 of the protocol in so many lines, for tests and as an example for other languages.

It does least mean squares where samples come with steps, and else goes towards the number of the agent with a momentum that
is the agent's own state. `options.fault` names how it goes wrong in the first step of a run after the tenth attempt.
"""

import json
import os
import signal
import struct
import sys
import time

READY, REPLY, FAILURE = 2, 4, 5
STEP, COMMIT, FORGET, INITIALISE, EVALUATE, SAVE, RESTORE = range(1, 8)


def read(count):
    data = sys.stdin.buffer.read(count)
    if len(data) < count:
        sys.exit(0)
    return data


def send(kind, body):
    sys.stdout.buffer.write(struct.pack("<4sIQ", b"STL1", kind, len(body)) + body)
    sys.stdout.buffer.flush()


def product(a, b):
    whole = len(a) & ~3
    sums = [0.0] * 4
    for entry in range(whole):
        sums[entry & 3] += a[entry] * b[entry]
    total = (sums[0] + sums[2]) + (sums[1] + sums[3])
    for entry in range(whole, len(a)):
        total += a[entry] * b[entry]
    return total


class Run:
    def __init__(self, told):
        self.told = told
        self.count = told["parameters"]
        self.fault = told["options"].get("fault")
        self.velocity = [[0.0] * self.count for _ in told["agents"]]
        self.of_last_step = [None] * len(told["agents"])

    def step(self, agent, attempt, parameters, sample):
        if self.fault and attempt > 10:
            if self.fault != "hangs":
                print("going wrong:", self.fault, file=sys.stderr, flush=True)
            if self.fault == "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            if self.fault == "exits":
                os._exit(3)
            if self.fault == "hangs":
                time.sleep(1000)
            if self.fault == "closes":
                os.close(0)
                os.close(1)
                time.sleep(1000)
            if self.fault == "garbage":
                sys.stdout.buffer.write(b"what is this on the pipe?")
            if self.fault == "raises":
                raise ZeroDivisionError("nobody divides by this")
            if self.fault == "not a number":
                return [0.0] * (self.count - 1) + [float("nan")]
            if self.fault == "wrong shape":
                return [0.0] * (self.count + 1)
        if sample:
            gain = self.told["stepSizes"][agent] * (sample[-1] - product(sample[:-1], parameters))
            return [gain * entry for entry in sample[:-1]]
        self.of_last_step[agent] = [
            0.5 * old - 0.1 * (at - agent) for old, at in zip(self.velocity[agent], parameters)
        ]
        return self.of_last_step[agent]

    def answer(self, body):
        (operations,), place, out = struct.unpack_from("<Q", body), 8, b""
        numbers = struct.Struct("<%dd" % self.count)
        for _ in range(operations):
            code, agent = struct.unpack_from("<II", body, place)
            place += 8
            if code == STEP:
                attempt, _ = struct.unpack_from("<QQ", body, place)
                parameters = numbers.unpack_from(body, place + 16)
                place += 16 + numbers.size
                sample = struct.unpack_from("<%dd" % self.told["sampleNumbers"], body, place)
                place += 8 * len(sample)
                increment = self.step(agent, attempt, parameters, sample)
                out += struct.pack("<Q%dd" % len(increment), 1, *increment)
            elif code == COMMIT:
                self.velocity[agent] = self.of_last_step[agent]
            elif code == FORGET:
                self.velocity[agent] = [0.0] * self.count
            elif code == INITIALISE:
                place += 8
                out += numbers.pack(*[0.0] * self.count)
            elif code == EVALUATE:
                parameters = numbers.unpack_from(body, place + 8)
                place += 8 + numbers.size
                out += struct.pack("<%dd" % len(self.told["metrics"]), *[abs(parameters[0])] * len(self.told["metrics"]))
            elif code == SAVE:
                (which,) = struct.unpack_from("<Q", body, place)
                place += 8
                state = json.dumps(self.of_last_step[agent] if which else self.velocity[agent]).encode()
                out += struct.pack("<Q", len(state)) + state
            elif code == RESTORE:
                which, count = struct.unpack_from("<QQ", body, place)
                state = json.loads(body[place + 16:place + 16 + count])
                (self.of_last_step if which else self.velocity)[agent] = state
                place += 16 + count
        return out


run = None
while True:
    _, kind, count = struct.unpack("<4sIQ", read(16))
    body = read(count)
    try:
        if kind == 1:
            told = json.loads(body)
            run = Run(told)
            version = int(told["options"].get("version", 1))
            ready = {"protocolVersion": version, "parameters": told["parameters"], "metrics": told["metrics"]}
            send(READY, json.dumps(ready).encode())
        else:
            send(REPLY, run.answer(body))
    except Exception as trouble:
        send(FAILURE, f"a step: {trouble!r}".encode())
