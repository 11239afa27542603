// SPDX-License-Identifier: GPL-3.0-or-later

/// Good scenarios that between them use every key.
package enum ValidScenarios {
  package static let small = """
    name: small
    task: {kind: linear-regression, dimension: 2}
    network: {topology: ring, agents: 4}
    learner: {step-size: 0.02}
    measure: {until: 10 s, every: 1 s}

    """

  package static let stragglers = """
    # Does waiting for the slowest neighbour cost more than using stale estimates?
    name: stragglers
    question: Does waiting for the slowest neighbour cost more than using stale estimates?
    task:
      kind: linear-regression
      dimension: 10
      noise-variance: {uniform: [0.01, 0.1]}
    network: {topology: random-geometric, agents: 20, mean-degree: 4.2, weights: metropolis}
    learner: {algorithm: lms, step-size: 0.02}
    strategy: {kind: diffusion-atc, timing: asynchronous}
    conditions:
      compute:
        between-agents: {lognormal: {median: 100 ms, sigma: 0.6}}
        within-agent: {lognormal: {cv: 0.2}}
        stragglers: {share: 10 %, slowdown: 10}
      links: {latency: {gamma: {mean: 40 ms, cv: 0.5}}, loss: 5 %, bandwidth: 10 Mbit/s}
    measure: {until: 10 min, every: 1 s, target: {msd: -30 dB}}
    arms:
      global barrier: {strategy.timing: synchronous-global}
      local barrier: {strategy.timing: synchronous-local}
      with timeout:
        strategy.timing: synchronous-local
        strategy.missing-neighbour: self
        strategy.peer-timeout: 300 ms
      asynchronous: {}
    replications: 20
    seed: 1

    """

  package static let regions = """
    name: "cloud, regions: 'three'"
    task:
      kind: linear-regression
      dimension: 3
      truth: {centre: [1, -0.5, 1e-3], spread: 0.3, clusters: 2}
      noise-variance: [0.01, 0.02, 0.03, 0.04]
      regressor-variance: {gamma: {mean: 1, shape: 4}}
      regressor-correlation: {uniform: [-0.5, 0.5]}
    network:
      topology: edge-list
      edges:
        - [anna, bob]
        - [bob, "carl: 2"]
        - ["carl: 2", dora]
    learner: {step-size: [0.01, 0.02, 0.01, 0.02], initial: {normal: {standard-deviation: 0.1}}}
    strategy:
      kind: diffusion-atc
      timing: asynchronous
      missing-neighbour: renormalise
      message: w
      retransmission: {acknowledge: always, timeout: 1.5 s, back-off: 1, acknowledgement-size: 40 B}
    conditions:
      compute: {between-agents: {exponential: 33 ms}, within-agent: {exponential: {}}, start-phase: {uniform: [0, 1 s]}}
      links:
        latency:
          regions:
            assignment: {VA: [anna], EU-W: [bob, "carl: 2"], TYO: [dora]}
            round-trip: {VA-EU-W: 81 ms, TYO-VA: 145 ms, EU-W-TYO: 212 ms, VA-VA: 2 ms}
            within: 700 us
            jitter: {lognormal: {cv: 0.1}}
        queue: fifo
        in-order: true
        overhead: 40 B
      failures:
        up: {exponential: {mean: 10 min}}
        down: {lognormal: {mean: 30 s, cv: 1}}
        on-recovery: neighbour
        agents: [dora]
    measure: {until: 2 h, every: 7.5 s, final-window: 20 %, budget: {bytes: 1.3 GB}}
    replications: 3
    seed: 18446744073709551615
    resample: [speeds, network]
    ties: random:42

    """

  package static let topologies = """
    name: topologies
    task: {kind: linear-regression, dimension: 1, truth: common}
    network: {topology: ring, agents: 9, require-connected: false, redraws: 7}
    learner: {step-size: {uniform: [0.01, 0.02]}, initial: -0.3333333333333333}
    strategy: {kind: non-cooperative}
    conditions: {failures: none, links: {latency: 0.1 ms, bandwidth: unlimited}}
    measure: {until: 100 s, every: 0.1 s, target: {msd-own: 0.5}, budget: {updates: 1000}}
    arms:
      near: {network.topology: random-geometric, network.radius: 0.4}
      dense: {network.topology: random-geometric, network.mean-degree: 3, conditions.links.loss: 0.3}
      failing: {conditions.failures.up: 1 min, conditions.failures.down: 1 s, measure.budget: {samples: 500}}
      ring: {measure.target: none}
      barrier:
        strategy.kind: diffusion-atc
        strategy.timing: synchronous-global
        conditions.compute.stragglers: [{agents: [agent-3], slowdown: 2.5}, {share: 0.5, slowdown: 3}]

    """

  package static let laws = """
    name: laws
    task:
      kind: linear-regression
      dimension: 2
      noise-variance: {half-normal: {mean: 0.01}}
      regressor-variance: {shifted-exponential: {shift: 0.5, scale: 0.5}}
      regressor-correlation: {normal: {mean: 0, standard-deviation: 0.3, lower: -0.9, upper: 0.9}}
    network: {topology: ring, agents: 4}
    learner: {step-size: {discrete-uniform: {lower: 0.01, upper: 0.05, step: 0.01}}}
    conditions:
      compute:
        between-agents: {weibull: {mean: 100 ms, shape: 1.5}}
        within-agent: {mixture: {probability: 10 %, slow: {pareto: {minimum: 5, shape: 1.5, cap: 50}}, fast: 1}}
        start-phase: {normal: {mean: 0, standard-deviation: 1 s}}
      links: {latency: {pareto: {mean: 40 ms, shape: 2.2}}}
      failures: {up: {weibull: {scale: 10 min, shape: 0.7}}, down: {discrete-uniform: {lower: 1 s, upper: 9 s, step: 1 s}}}
    measure: {until: 1 min, every: 1 s}
    arms:
      normal: {conditions.links.latency: {normal: {mean: 40 ms, cv: 0.3}}}
      two: {conditions.links.latency: {mixture: {probability: 0.1, slow: 1 s, fast: 100 ms}}}

    """

  package static let networks = """
    name: networks
    task: {kind: linear-regression, dimension: 1}
    network: {topology: circulant, agents: 8, offsets: [1, 3], weights: laplacian, beta: 0.2, require-doubly-stochastic: true}
    learner: {step-size: 0.02}
    measure: {until: 10 s, every: 1 s}
    arms:
      circulant: {}
      grid: {network.topology: grid, network.agents: none, network.offsets: none, network.rows: 2, network.columns: 4}
      cliques:
        network.topology: ring-of-cliques
        network.agents: none
        network.offsets: none
        network.cliques: 2
        network.clique-size: 4
        network.weights: relative-variance
        network.beta: none
        network.variances: noise-variance
      cube: {network.topology: hypercube, network.agents: none, network.offsets: none, network.dimension: 3}
      regular: {network.topology: random-regular, network.offsets: none, network.degree: 3}
      grown: {network.topology: barabasi-albert, network.offsets: none, network.edges-per-agent: 2}
      random: {network.topology: erdos-renyi, network.offsets: none, network.probability: 60 %}
      one way:
        network.topology: exponential
        network.offsets: none
        network.directed: true
        network.weights: averaging
        network.beta: none
      informed: {network.weights: hastings, network.beta: none, network.theta2: [1, 2, 3, 4, 5, 6, 7, 8]}
      given:
        network.topology: ring
        network.offsets: none
        network.agents: 2
        network.beta: none
        network.weights: matrix
        network.matrix: [[0.75, 0.25], [0.25, 0.75]]

    """

  package static let tables = """
    name: tables
    task: {kind: five-state, tasks: alternating, discount: 0.9, start: [0.2, 0.2, 0.2, 0.2, 0.2], drift-probability: none}
    network: {topology: ring, agents: 4, weights: lazy-metropolis}
    learner:
      algorithm: policy-gradient
      step-size: [0.1, 0.2, 0.1, 0.2]
      relative-entropy-weight: 0.01
      initial: {entries: [0, 0, 1, -1, 0.5, 0.25, 0, 0, 0, 0]}
    strategy: {kind: consensus, timing: synchronous-global}
    measure: {until: 10 s, every: 1 s, all-tasks: true, target: {return-every-task: 0.7}}
    arms:
      chance: {learner.initial: 0}
      drifting: {task.drift-probability: 75 %}
      averaged: {task.tasks: average}
      dual:
        learner.algorithm: dual-ascent
        learner.relative-entropy-weight: 0
        learner.initial: 0.1
        strategy.kind: diffusion-atc

    """

  package static let all = [small, stragglers, regions, topologies, laws, networks, tables]
}
