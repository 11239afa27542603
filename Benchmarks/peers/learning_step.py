# SPDX-License-Identifier: GPL-3.0-or-later
"""The learning step of Benchmarks/LearningStep in PyTorch, one thread.

usage: learning_step.py HIDDEN ROWS STEPS INFERENCES, or without HIDDEN for learning from replay; prints
"seconds-per-step seconds-per-inference", in CPU time.
"""

import sys
import time

import torch
from torch import nn

numbers = list(map(int, sys.argv[1:]))
torch.set_num_threads(1)
torch.manual_seed(1)


def network(inputs: int, hidden: int, outputs: int, unit=nn.ReLU) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(inputs, hidden), unit(), nn.Linear(hidden, hidden), unit(), nn.Linear(hidden, outputs)
    )


def law(outputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return 10 * torch.tanh(outputs[:, 0]), nn.functional.softplus(outputs[:, 1]) + 1e-6


def measure(calls: int, body) -> float:
    for call in range(max(1, calls // 10)):
        body(call)
    start = time.process_time()
    for call in range(calls):
        body(call)
    return (time.process_time() - start) / calls


def acting(hidden: int, rows: int) -> tuple:
    """What an actor and a critic do in a step, and the actor in one state."""
    actor, critic = network(4, hidden, 2), network(4, hidden, 1)
    # Of the three ways of Adam, `fused` is the fastest here.
    actor_optimiser = torch.optim.Adam(actor.parameters(), lr=0.001, fused=True)
    critic_optimiser = torch.optim.Adam(critic.parameters(), lr=0.01, fused=True)
    states = 2 * torch.rand(rows, 4) - 1
    actions = 20 * torch.rand(rows) - 10
    returns = 50 * torch.rand(rows)

    def learn() -> None:
        values = critic(states)[:, 0]
        advantages = returns - values.detach()
        critic_optimiser.zero_grad()
        (0.5 * (values - returns).square().mean()).backward()
        critic_optimiser.step()
        mean, variance = law(actor(states))
        spread = torch.log(2 * torch.pi * variance)
        log_density = -0.5 * (spread + (actions - mean).square() / variance)
        actor_optimiser.zero_grad()
        (-(log_density * advantages + 5e-4 * 0.5 * (spread + 1)).mean()).backward()
        actor_optimiser.step()

    def infer(row: int) -> None:
        with torch.inference_mode():
            law(actor(states[row % rows : row % rows + 1]))

    return learn, infer


def replaying(rows: int) -> tuple:
    """What a network of values does in a step, and in one state."""
    values, target = network(96, 50, 5, nn.LeakyReLU), network(96, 50, 5, nn.LeakyReLU)
    target.load_state_dict(values.state_dict())
    optimiser = torch.optim.Adam(values.parameters(), lr=0.001, fused=True)
    states, next_states = torch.rand(rows, 96), torch.rand(rows, 96)
    rewards, actions = torch.rand(rows) - 0.6, torch.arange(rows) % 5

    def learn() -> None:
        with torch.no_grad():
            targets = rewards + 0.95 * target(next_states).max(1).values
        optimiser.zero_grad()
        chosen = values(states).gather(1, actions[:, None])[:, 0]
        nn.functional.huber_loss(chosen, targets).backward()
        optimiser.step()

    def choose(row: int) -> None:
        with torch.inference_mode():
            values(states[row % rows : row % rows + 1]).argmax().item()

    return learn, choose


*hidden, rows, steps, inferences = numbers
learn, infer = acting(hidden[0], rows) if hidden else replaying(rows)
print(measure(steps, lambda _: learn()), measure(inferences, infer))
