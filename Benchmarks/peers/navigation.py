#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""scenarios/papers/dcpg/navigation.yaml once more in NumPy, on one thread: what its speed is compared with.

Usage: OPENBLAS_NUM_THREADS=1 python3 Benchmarks/peers/navigation.py MAPS.json [UPDATES]

MAPS.json is references/rl/drone_maps.json. Trains A2C in four maps, once alone and once decentralised, and prints the
seconds of each and the mean safe flight (metres, sampled actions) of every agent in every map.
"""

import json
import sys
import time

import numpy as np

STEP, TURN, RANGE, COPIES, SEGMENT = 0.4, np.deg2rad(10.6), 10.0, 32, 32
OFFSETS = -np.pi / 4 + (np.arange(16) + 0.5) * np.pi / 32


class World:
    """Many vehicles in one map, side by side."""

    def __init__(self, chart, count, random):
        walls = np.array(chart["segments"])
        self.a, self.e = walls[:, :2], walls[:, 2:] - walls[:, :2]
        self.square = (self.e**2).sum(1)
        self.spawn, self.look = np.array(chart["spawn"]), chart["appearance"]
        self.random, self.pose, self.age = random, np.zeros((count, 3)), np.zeros(count, int)
        self.restart(np.ones(count, bool))

    def restart(self, which):
        count = which.sum()
        self.pose[which] = self.spawn[self.random.integers(0, len(self.spawn), count)]
        self.pose[which, 2] += self.random.uniform(-1, 1, count) * np.deg2rad(15)
        self.age[which] = 0

    def depths(self):
        angle = self.pose[:, 2:] + OFFSETS
        ux, uy = np.cos(angle)[:, :, None], np.sin(angle)[:, :, None]
        w = self.a - self.pose[:, None, :2]
        with np.errstate(divide="ignore", invalid="ignore"):
            det = ux * self.e[:, 1] - uy * self.e[:, 0]
            t = (w[..., 0] * self.e[:, 1] - w[..., 1] * self.e[:, 0])[:, None] / det
            s = (w[:, None, :, 0] * uy - w[:, None, :, 1] * ux) / det
            hit = (np.abs(det) > 1e-12) & (t >= 0) & (s >= 0) & (s <= 1)
        return np.minimum(np.where(hit, t, RANGE).min(2), RANGE)

    def readings(self, depths):
        level = self.look["gain"] * (depths / RANGE) ** self.look["power"] + self.look["bias"]
        return np.clip(level + 0.01 * self.random.standard_normal(depths.shape), 0, 1).astype(np.float32)

    def step(self, actions):
        count = len(actions)
        self.pose[:, 2] += (actions - 2) * TURN + self.random.uniform(-1, 1, count) * TURN / 6
        self.pose[:, 0] += STEP * np.cos(self.pose[:, 2])
        self.pose[:, 1] += STEP * np.sin(self.pose[:, 2])
        self.age += 1
        w = self.pose[:, None, :2] - self.a
        place = np.clip((w * self.e).sum(2) / self.square, 0, 1)
        crash = ((w - place[..., None] * self.e) ** 2).sum(2).min(1) < 0.25**2
        depths = self.depths()
        reward = np.where(crash, -1, np.sort(depths[:, 4:12])[:, :2].mean(1) / RANGE)
        return self.readings(depths), reward, crash


class Net:
    """A perceptron with four hidden layers of rectifiers."""

    def __init__(self, outputs, random):
        sizes = [16, 64, 64, 64, 64, outputs]
        self.shapes = [(b, a) for a, b in zip(sizes, sizes[1:])]
        parts = []
        for layer, (b, a) in enumerate(self.shapes):
            bound = np.sqrt(6 / a) if layer < 4 else 0.1 * np.sqrt(3 / a)
            parts += [random.uniform(-bound, bound, b * a), np.zeros(b)]
        self.start = np.concatenate(parts).astype(np.float32)

    def layers(self, w):
        place = 0
        for b, a in self.shapes:
            yield w[place : place + a * b].reshape(b, a), w[place + a * b : place + a * b + b]
            place += a * b + b

    def forward(self, w, x):
        seen = [x]
        for number, (weights, biases) in enumerate(self.layers(w)):
            x = x @ weights.T + biases
            if number < 4:
                x = np.maximum(x, 0)
            seen.append(x)
        return seen

    def backward(self, w, seen, g):
        parts = []
        for number, (weights, _) in reversed(list(enumerate(self.layers(w)))):
            parts += [g.sum(0), (g.T @ seen[number]).ravel()]
            if number:
                g = (g @ weights) * (seen[number] > 0)
        return np.concatenate(parts[::-1])


def log_softmax(z):
    z = z - z.max(1, keepdims=True)
    return z - np.log(np.exp(z).sum(1, keepdims=True))


def sample(log_p, random):
    return np.minimum((np.exp(log_p).cumsum(1) < random.random((len(log_p), 1))).sum(1), 4)


class Agent:
    def __init__(self, chart, actor, critic, random):
        self.random, self.actor, self.critic = random, actor, critic
        self.world = World(chart, COPIES, random)
        self.seen = self.world.readings(self.world.depths())
        self.w = [critic.start.copy(), actor.start.copy()]
        self.m = [np.zeros_like(w) for w in self.w]
        self.v = [np.zeros_like(w) for w in self.w]

    def increments(self, update, updates):
        shape = (SEGMENT, COPIES)
        seen, after = np.zeros(shape + (16,), np.float32), np.zeros(shape + (16,), np.float32)
        actions, rewards, crash, cut = np.zeros(shape, int), np.zeros(shape), np.zeros(shape, bool), np.zeros(shape, bool)
        for t in range(SEGMENT):
            seen[t] = self.seen
            actions[t] = sample(log_softmax(self.actor.forward(self.w[1], self.seen)[-1]), self.random)
            after[t], rewards[t], crash[t] = self.world.step(actions[t])
            cut[t] = self.world.age >= 500
            over = crash[t] | cut[t]
            self.seen = after[t].copy()
            if over.any():
                self.world.restart(over)
                self.seen[over] = self.world.readings(self.world.depths())[over]
        flat = seen.reshape(-1, 16)
        inside = self.critic.forward(self.w[0], flat)
        v = inside[-1].reshape(shape)
        behind = np.where(crash, 0, self.critic.forward(self.w[0], after.reshape(-1, 16))[-1].reshape(shape))
        delta, advantage, last = rewards + 0.97 * behind - v, np.zeros(shape), np.zeros(COPIES)
        for t in reversed(range(SEGMENT)):
            last = delta[t] + 0.97 * 0.95 * np.where(crash[t] | cut[t], 0, last)
            advantage[t] = last
        target = (advantage + v).ravel()
        a = ((advantage - advantage.mean()) / (advantage.std() + 1e-8)).ravel()
        count = len(a)
        critic = self.critic.backward(self.w[0], inside, ((v.ravel() - target) / count)[:, None].astype(np.float32))
        inside = self.actor.forward(self.w[1], flat)
        log_p = log_softmax(inside[-1])
        p = np.exp(log_p)
        chosen = np.eye(5)[actions.ravel()]
        entropy = -(p * log_p).sum(1, keepdims=True)
        g = (a[:, None] * (p - chosen) + 0.01 * p * (log_p + entropy)) / count
        actor = self.actor.backward(self.w[1], inside, g.astype(np.float32))
        rate, k = 2e-3 * (1 - update / updates), update + 1
        moves = []
        for number, g in enumerate((critic, actor)):
            self.m[number] += 0.1 * (g - self.m[number])
            self.v[number] += 0.001 * (g * g - self.v[number])
            m, v = self.m[number] / (1 - 0.9**k), self.v[number] / (1 - 0.999**k)
            moves.append((-rate * m / (np.sqrt(v) + 1e-8)).astype(np.float32))
        return moves


def flights(agent, chart, random, episodes=25):
    world = World(chart, episodes, random)
    seen, alive, flown = world.readings(world.depths()), np.ones(episodes, bool), np.zeros(episodes)
    for _ in range(500):
        seen, _, crash = world.step(sample(log_softmax(agent.actor.forward(agent.w[1], seen)[-1]), random))
        flown += STEP * alive
        alive &= ~crash
        if not alive.any():
            break
    return flown.mean()


def train(charts, together, updates, seed):
    random = np.random.default_rng(seed)
    actor, critic = Net(5, random), Net(1, random)
    agents = [Agent(chart, actor, critic, random) for chart in charts]
    start = time.process_time()
    for update in range(updates):
        moves = [agent.increments(update, updates) for agent in agents]
        old = [agent.w for agent in agents]
        for number, agent in enumerate(agents):
            left, right = old[number - 1], old[(number + 1) % len(agents)]
            mixed = [0.5 * o + 0.25 * l + 0.25 * r for o, l, r in zip(old[number], left, right)] if together else old[number]
            agent.w = [w + move for w, move in zip(mixed, moves[number])]
    seconds = time.process_time() - start
    table = [[flights(agent, chart, random) for chart in charts] for agent in agents]
    print("together" if together else "alone", f"{seconds:.1f} s")
    for row in table:
        print("  ", " ".join(f"{cell:6.1f}" for cell in row), f"  sum {sum(row):.0f}")
    return seconds


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        maps = json.load(file)["maps"]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    print(f"both {train(maps, False, count, 1) + train(maps, True, count, 1):.1f} s")
