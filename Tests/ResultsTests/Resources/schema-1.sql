-- A results file of schema 1 as the program of revision beb4fd7d10e4 wrote it, as `sqlite3 FILE .dump` says it.
-- The machine that wrote it has been left out.
BEGIN TRANSACTION;
CREATE TABLE arm (
  position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, settings TEXT NOT NULL, facts TEXT NOT NULL,
  network INTEGER REFERENCES network (id));
INSERT INTO "arm" VALUES(0,'asynchronous','{"arms":"","conditions.compute.between-agents":"100 ms","conditions.compute.start-phase":"0","conditions.compute.stragglers":"[]","conditions.compute.within-agent":"{exponential: {mean: 1}}","conditions.failures":"none","conditions.links.bandwidth":"unlimited","conditions.links.in-order":"false","conditions.links.latency":"0","conditions.links.loss":"0","conditions.links.overhead":"0","conditions.links.queue":"supersede","learner.algorithm":"lms","learner.gradient-noise-variance":"0","learner.initial":"0","learner.step-size":"0.2","measure.budget":"none","measure.every":"500 ms","measure.final-window":"0.1","measure.target":"{msd: -3 dB}","measure.until":"2 s","network.agents":"3","network.beta":"none","network.clique-size":"none","network.cliques":"none","network.columns":"none","network.degree":"2","network.dimension":"none","network.directed":"false","network.edges":"none","network.edges-file":"none","network.edges-per-agent":"none","network.matrix":"none","network.mean-degree":"none","network.offsets":"none","network.probability":"none","network.radius":"none","network.redraws":"100","network.require-connected":"true","network.require-doubly-stochastic":"auto","network.rows":"none","network.theta2":"none","network.topology":"ring","network.variances":"none","network.weights":"metropolis","resample":"[]","seed":"1","strategy.clock.between-agents":"1 s","strategy.clock.start-phase":"0","strategy.clock.within-agent":"1","strategy.exchange":"push","strategy.gossip.exchange":"push","strategy.gossip.loses":"exchange","strategy.gossip.order":"combine-then-adapt","strategy.gossip.wake":"independent","strategy.kind":"diffusion-atc","strategy.link-interval":"none","strategy.mailbox-start":"empty","strategy.message":"psi","strategy.missing-neighbour":"last-heard","strategy.peer-timeout":"none","strategy.push-sum.running-sums":"false","strategy.retransmission.acknowledge":"auto","strategy.retransmission.acknowledgement-size":"64 B","strategy.retransmission.back-off":"2","strategy.retransmission.lose-acknowledgements":"true","strategy.retransmission.timeout":"auto","strategy.slots.active-probability":"1","strategy.slots.activity":"compute","strategy.slots.duration":"1 s","strategy.slots.gradient-delay":"0","strategy.slots.message-delay":"0","strategy.timing":"asynchronous","task.dimension":"2","task.kind":"linear-regression","task.noise-variance":"0.01","task.regressor-correlation":"0","task.regressor-variance":"1","task.samples":"fresh","task.truth":"common","ties":"fifo"}','{"agents":3,"every":0.5,"mean_degree":2,"name":"asynchronous","prediction_reason":"No closed form covers asynchronous agents with these laws and messages; docs/theory.md lists what is covered.","samples_per_update":1,"second_singular_value":4.532466518368395e-17,"settings":{},"target":{"metric":"msd","threshold":0.5011872336272722},"topology":"ring","until":2}',1);
CREATE TABLE format (id INTEGER PRIMARY KEY CHECK (id = 1), needs TEXT NOT NULL);
INSERT INTO "format" VALUES(1,'starling 0.2.0');
CREATE TABLE in_flight (
  arm INTEGER NOT NULL, replication INTEGER NOT NULL, started TEXT NOT NULL, PRIMARY KEY (arm, replication))
  WITHOUT ROWID;
CREATE TABLE network (id INTEGER PRIMARY KEY, network TEXT NOT NULL, digest TEXT NOT NULL UNIQUE);
INSERT INTO "network" VALUES(1,'{"links":[[0,0,0.33333333333333337],[1,1,0.33333333333333337],[2,2,0.33333333333333337],[1,0,0.3333333333333333],[2,0,0.3333333333333333],[0,1,0.3333333333333333],[2,1,0.3333333333333333],[0,2,0.3333333333333333],[1,2,0.3333333333333333]],"names":["agent-0","agent-1","agent-2"]}','e701eb4cbd42cb58');
CREATE TABLE run (
  id INTEGER PRIMARY KEY, arm INTEGER NOT NULL REFERENCES arm (position), replication INTEGER NOT NULL,
  session INTEGER NOT NULL REFERENCES session (id), started TEXT, wall_seconds REAL NOT NULL, error TEXT,
  fingerprint TEXT, ending TEXT, end_time REAL, target_time REAL, target_updates REAL, target_messages REAL,
  target_bytes REAL, record TEXT, grid BLOB, digest TEXT NOT NULL, UNIQUE (arm, replication));
INSERT INTO "run" VALUES(1,0,0,1,'2026-11-21T18:08:08Z',0.01257719,NULL,'a44061c13c71d864','until',2.0,0.5,4.0,24.0,384.0,'{"agents":[{"down":0,"final_msd":0.01674068808099302,"name":"agent-0","unfinished":0.025754687460310066,"updates":18,"useful":1.97424531253969,"waiting":0,"wasted":0},{"down":0,"final_msd":0.042202195333242376,"name":"agent-1","unfinished":0.2083778926980595,"updates":18,"useful":1.7916221073019405,"waiting":0,"wasted":0},{"down":0,"final_msd":0.025288590072653272,"name":"agent-2","unfinished":0.1935921900048494,"updates":13,"useful":1.8064078099951506,"waiting":0,"wasted":0}],"engine":{"cancelled":0,"events":{"arrival":98,"combine":49,"computeEnd":49,"computeStart":52,"failure":0,"linkChange":0,"measurement":5,"stop":1,"timer":0},"high_water":7,"ties":51,"ties_at_one_agent":0},"finals":{"age":0.14257492338773967,"available":1,"bytes":1568,"disagreement":0.001073449291693474,"disagreement-all":0.001073449291693474,"messages":98,"msd":0.02807715782896289,"msd-all":0.02807715782896289,"msd-own":0.02807715782896289,"msd-own-all":0.02807715782896289,"updates":16.333333333333332},"messages":{"acknowledgements":0,"bytes":1568,"duplicate":0,"in_flight_at_end":0,"late":0,"lost":0,"overtaken":0,"recovery_bytes":0,"replaced_unread":43,"sent":98,"superseded":0,"to_dead_agent":0,"unread_at_end":3,"used":52},"staleness":{"count":95,"deliveries":98,"gradients":0,"maximum_gradient_updates":0,"maximum_seconds":0.37193303333655847,"maximum_updates":0,"mean_delivery_seconds":0,"mean_gradient_updates":0,"mean_seconds":0.10261509919703525,"mean_updates":0,"seconds_histogram":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,1,0,0,0,0,0,0,0,0,0,1,0,0,0,1,0,2,0,2,3,3,4,1,5,1,3,4,7,1,4,9,6,6,9,6,5,2,5,2,1],"updates_histogram":[95]}}',X'0000000000000000000000000000E03F000000000000F03F000000000000F83F0000000000000040','2746dfd6f1fae79f');
INSERT INTO "run" VALUES(2,0,1,1,'2026-11-21T18:08:08Z',0.013349399,NULL,'a6fa73e4c3c780e8','until',2.0,0.5,4.33333333333333303727e+00,26.0,416.0,'{"agents":[{"down":0,"final_msd":0.020544356836238183,"name":"agent-0","unfinished":0.020039902112033436,"updates":25,"useful":1.9799600978879666,"waiting":0,"wasted":0},{"down":0,"final_msd":0.015433617481756545,"name":"agent-1","unfinished":0.14309329095961054,"updates":19,"useful":1.8569067090403895,"waiting":0,"wasted":0},{"down":0,"final_msd":0.01700956450116106,"name":"agent-2","unfinished":0.10745329523632985,"updates":17,"useful":1.8925467047636702,"waiting":0,"wasted":0}],"engine":{"cancelled":0,"events":{"arrival":122,"combine":61,"computeEnd":61,"computeStart":64,"failure":0,"linkChange":0,"measurement":5,"stop":1,"timer":0},"high_water":7,"ties":63,"ties_at_one_agent":0},"finals":{"age":0.09019549610265794,"available":1,"bytes":1952,"disagreement":0.00011420892011033866,"disagreement-all":0.00011420892011033866,"messages":122,"msd":0.017662512939718596,"msd-all":0.017662512939718596,"msd-own":0.017662512939718596,"msd-own-all":0.017662512939718596,"updates":20.333333333333332},"messages":{"acknowledgements":0,"bytes":1952,"duplicate":0,"in_flight_at_end":0,"late":0,"lost":0,"overtaken":0,"recovery_bytes":0,"replaced_unread":52,"sent":122,"superseded":0,"to_dead_agent":0,"unread_at_end":3,"used":67},"staleness":{"count":116,"deliveries":122,"gradients":0,"maximum_gradient_updates":0,"maximum_seconds":0.3712901522958327,"maximum_updates":0,"mean_delivery_seconds":0,"mean_gradient_updates":0,"mean_seconds":0.07184036372375854,"mean_updates":0,"seconds_histogram":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,1,0,1,0,0,0,1,1,2,1,4,2,0,3,5,6,2,4,10,5,9,6,10,8,12,9,3,1,4,3,1,0,1],"updates_histogram":[116]}}',X'0000000000000000000000000000E03F000000000000F03F000000000000F83F0000000000000040','316d590fc5d5d6f1');
CREATE TABLE series (
  run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, position INTEGER NOT NULL, metric TEXT NOT NULL,
  data BLOB NOT NULL, PRIMARY KEY (run, position)) WITHOUT ROWID;
INSERT INTO "series" VALUES(1,0,'msd',X'71DE690DC699E23F899CBCBC5D1DD33F004EE2ADF750B93F407ACD7B54DCA93FF8628F2A42C09C3F');
INSERT INTO "series" VALUES(1,1,'msd-own',X'71DE690DC699E23F899CBCBC5D1DD33F004EE2ADF750B93F407ACD7B54DCA93FF8628F2A42C09C3F');
INSERT INTO "series" VALUES(1,2,'disagreement',X'000000000000000091B541BD94EA943F132191FB5801613FCB811C66D1AA3A3F69DF82665F96513F');
INSERT INTO "series" VALUES(1,3,'msd-all',X'71DE690DC699E23F899CBCBC5D1DD33F004EE2ADF750B93F407ACD7B54DCA93FF8628F2A42C09C3F');
INSERT INTO "series" VALUES(1,4,'msd-own-all',X'71DE690DC699E23F899CBCBC5D1DD33F004EE2ADF750B93F407ACD7B54DCA93FF8628F2A42C09C3F');
INSERT INTO "series" VALUES(1,5,'disagreement-all',X'000000000000000091B541BD94EA943F132191FB5801613FCB811C66D1AA3A3F69DF82665F96513F');
INSERT INTO "series" VALUES(1,6,'age',X'000000000000F87F58BDF90A464DBA3FEB508CD235E5A53FBBAA82BC8DBBBB3FCB0B9724E53FC23F');
INSERT INTO "series" VALUES(1,7,'updates',X'0000000000000000000000000000104055555555555521400000000000002A405555555555553040');
INSERT INTO "series" VALUES(1,8,'messages',X'000000000000000000000000000038400000000000004A4000000000008053400000000000805840');
INSERT INTO "series" VALUES(1,9,'bytes',X'000000000000000000000000000078400000000000008A4000000000008093400000000000809840');
INSERT INTO "series" VALUES(1,10,'available',X'000000000000F03F000000000000F03F000000000000F03F000000000000F03F000000000000F03F');
INSERT INTO "series" VALUES(2,0,'msd',X'71DE690DC699E23F5D04C87DCC7FD53F143468981C80C33F08CA3F6D8061A63FCFDBC32D1F16923F');
INSERT INTO "series" VALUES(2,1,'msd-own',X'71DE690DC699E23F5D04C87DCC7FD53F143468981C80C33F08CA3F6D8061A63FCFDBC32D1F16923F');
INSERT INTO "series" VALUES(2,2,'disagreement',X'0000000000000000454B905E1D6B863FF0D5DDDD045D7D3F7764E0E730BF503FB5D3A04E6EF01D3F');
INSERT INTO "series" VALUES(2,3,'msd-all',X'71DE690DC699E23F5D04C87DCC7FD53F143468981C80C33F08CA3F6D8061A63FCFDBC32D1F16923F');
INSERT INTO "series" VALUES(2,4,'msd-own-all',X'71DE690DC699E23F5D04C87DCC7FD53F143468981C80C33F08CA3F6D8061A63FCFDBC32D1F16923F');
INSERT INTO "series" VALUES(2,5,'disagreement-all',X'0000000000000000454B905E1D6B863FF0D5DDDD045D7D3F7764E0E730BF503FB5D3A04E6EF01D3F');
INSERT INTO "series" VALUES(2,6,'age',X'000000000000F87F109E310265F0B33F45D2CBCAF5F0AD3FFBA06B71C61DB73FB5E501520D17B73F');
INSERT INTO "series" VALUES(2,7,'updates',X'000000000000000055555555555511405555555555552140ABAAAAAAAAAA2C405555555555553440');
INSERT INTO "series" VALUES(2,8,'messages',X'00000000000000000000000000003A400000000000004A4000000000008055400000000000805E40');
INSERT INTO "series" VALUES(2,9,'bytes',X'00000000000000000000000000007A400000000000008A4000000000008095400000000000809E40');
INSERT INTO "series" VALUES(2,10,'available',X'000000000000F03F000000000000F03F000000000000F03F000000000000F03F000000000000F03F');
CREATE TABLE session (
  id INTEGER PRIMARY KEY, provenance TEXT NOT NULL, started TEXT NOT NULL, ended TEXT);
INSERT INTO "session" VALUES(1,'{"blas_core":"none","command":"starling run schema-1.yaml","host":"here","jobs":2,"libraries":{"sqlite":"3.40.1"},"operating_system":"none","process":1,"processor":"none","processor_flags":[],"revision":"beb4fd7d10e4","streams":"philox4x32-10/1","version":"0.2.0"}','2026-11-21T18:08:08Z','2026-11-21T18:08:08Z');
CREATE TABLE study (
  id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL, question TEXT, scenario TEXT NOT NULL,
  scenario_hash TEXT NOT NULL, overrides TEXT NOT NULL, seed TEXT NOT NULL, replications INTEGER NOT NULL,
  resampled TEXT NOT NULL, ties TEXT NOT NULL, shard TEXT, tuning TEXT, digest TEXT NOT NULL);
INSERT INTO "study" VALUES(1,'schema-1','Does a file of the first schema still open?','# Every key with its value and what it allows. A law is one of {uniform: [a, b]}, {exponential: {mean: m}}, {lognormal:
# {median: m, sigma: s}}, {gamma: {mean: m, shape: k}}, {half-normal: {mean: m}}, {normal: {mean: m, standard-deviation:
# s}}, {shifted-exponential: {shift: a, scale: b}}, {weibull: {mean: m, shape: k}}, {pareto: {mean: m, shape: k, cap:
# c}}, {discrete-uniform: {lower: a, upper: b, step: d}}, {mixture: {probability: p, slow: a law, fast: a law}},
# {empirical: {file: f, scale: a}}; mean and cv also do.
name: schema-1                          # of the study; one line of text
question: "Does a file of the first schema still open?"  # what the study is to find out; text, or none
task:                                   # what agents learn from
  kind: linear-regression               # what agents learn; linear-regression or averaging
  dimension: 2                          # number of parameters M; a whole number from 1 to 1000000
  # the agents'' minimisers; common, or {centre: [numbers], spread: 0.1, clusters: 3}
  truth: common
  noise-variance: 0.01                  # of each observation; a number, a law, or a list with one number per agent
  regressor-variance: 1                 # of each regressor entry; a number, a law, or a list with one number per agent
  # of neighbouring regressor entries, -1 to 1; a number, a law, or a list with one number per agent
  regressor-correlation: 0
  # per agent, used in turn over and over; fresh: a new one for every step; a whole number from 1 to 1000000000, or
  # fresh
  samples: fresh
network:                                # who hears whom
  # how the graph is made; ring, path, star, complete, grid, torus, circulant, exponential, hypercube, ring-of-cliques,
  # random-regular, erdos-renyi, barabasi-albert, random-geometric or edge-list
  topology: ring
  # how many agents; a whole number from 1 to 1000000; of an edge-list the list of names, or none
  agents: 3
  directed: false                       # whether links go one way only; true or false, or none
  degree: 2                             # neighbours of every agent; a whole number from 0 to 1000000, or none
  # rule of the combination matrix; metropolis, lazy-metropolis, hastings, laplacian, max-degree, averaging,
  # relative-degree, relative-variance or matrix
  weights: metropolis
  require-connected: true               # whether a graph in several pieces is refused; true or false
  # how often a random graph in pieces is drawn again; a whole number from 0 to 1000000
  redraws: 100
  require-doubly-stochastic: auto       # whether a matrix whose rows do not sum to one is refused; auto, true or false
learner:                                # how agents learn
  algorithm: lms                        # how agents learn; lms, steepest-descent or none
  step-size: 0.2                        # of each adapt step; a number, a law, or a list with one number per agent
  # where parameters start; a number, a list with one number per agent, or {normal: {standard-deviation: 1}}
  initial: 0
  gradient-noise-variance: 0            # steepest-descent: of each entry of the gradient; a number at least 0
strategy:                               # how agents cooperate
  # how adapt and combine are arranged; diffusion-atc, diffusion-cta, consensus, gossip, push-sum or non-cooperative
  kind: diffusion-atc
  # whom an agent waits for; asynchronous, synchronous-global, synchronous-local or slotted
  timing: asynchronous
  # what replaces an absent estimate; last-heard, self, renormalise or wait, or auto
  missing-neighbour: last-heard
  message: psi                          # what messages carry; auto: psi in diffusion-atc, else w; psi or w, or auto
  # asynchronous: who moves estimates; pull reads the neighbours'', link sends at times of the links; push, pull or link
  exchange: push
  mailbox-start: empty                  # what a mailbox holds before the first message; empty or initial
  # synchronous-local: a neighbour silent for so long is presumed dead; a duration above 0, or none
  peer-timeout: none
  retransmission:                       # synchronous timings only
    acknowledge: auto                   # auto: when messages can be lost or agents crash; auto, always or never
    # auto: three mean round trips, at least a tenth of the mean step; a duration above 0, or auto
    timeout: auto
    # factor of the timeout from one attempt to the next; a number at least 1 and at most 1000
    back-off: 2
    acknowledgement-size: 64 B          # a size
    lose-acknowledgements: true         # whether acknowledgements are lost like messages; true or false
  slots:                                # slotted timing only
    duration: 1 s                       # of a slot; a duration above 0
    activity: compute                   # what an inactive agent leaves out; compute, sleep or pull
    # that an agent is active in a slot; a number, a law, or a list with one number per agent
    active-probability: 1
    message-delay: 0                    # slots by which neighbours'' messages are late; a whole number from 0 to 1000
    gradient-delay: 0                   # slots by which gradients are stale; a whole number from 0 to 1000
  clock:                                # when agents wake: gossip, asynchronous push-sum
    between-agents: 1 s                 # typical interval of an agent, drawn once each; a duration or a law
    within-agent: 1                     # factor of each interval; exponential: a Poisson process; a number or a law
    start-phase: 0                      # when a clock rings first; a duration or a law
  gossip:                               # strategy gossip only
    # push: one way over the link; pairwise: both average at one instant; push or pairwise
    exchange: push
    # whether a step follows averaging or comes before it; combine-then-adapt or adapt-then-combine
    order: combine-then-adapt
    # pairwise: what a loss takes, the whole exchange or one direction; exchange or direction
    loses: exchange
    # one-at-a-time: one clock rings for an agent drawn among all; independent or one-at-a-time
    wake: independent
  push-sum:                             # strategy push-sum only
    running-sums: false                 # messages carry sums of all shares so far, so that losses heal; true or false
conditions:                             # what the world does to the agents
  compute:                              # how long a local step takes
    between-agents: 100 ms              # typical step of an agent, drawn once each; a duration or a law
    within-agent: {exponential: {mean: 1}}  # factor of each single step; a number or a law
    # agents slower than their draw; {agents: [names], slowdown: 10} or {share: 0.1, slowdown: 10}, or a list of such
    stragglers: []
    start-phase: 0                      # when an agent starts its first step; a duration or a law
  links:                                # what happens to messages
    latency: 0                          # how long a message travels; a duration or a law, or {regions: ...}
    loss: 0                             # probability that a message is lost; a number at least 0 and at most 1
    bandwidth: unlimited                # of each directed link; a rate above 0, or unlimited
    queue: supersede                    # supersede: one message waits, a newer one replaces it; supersede or fifo
    in-order: false                     # whether messages of a link never overtake each other; true or false
    overhead: 0                         # what a message carries beside its numbers; a size
  # crashes and recoveries; {up: law, down: law, on-recovery: keep, reset or neighbour, agents: all or [names]}, or none
  failures: none
measure:                                # what is measured, and when a run ends
  until: 2 s                            # virtual time at which every run ends; a duration above 0
  every: 500 ms                         # virtual time between measurements; a duration above 0
  # reached at the first of three measurements in a row at or below it; the time to it is reported; a metric and its
  # bound such as {msd: -30 dB}, or none
  target: {msd: -3 dB}
  # share of the grid, at its end, over which final metrics are averaged; a number above 0 and at most 1
  final-window: 0.1
  budget: none                          # ends a run sooner; {updates: 1000}, {samples: 1000} or {bytes: 10 MB}, or none
replications: 2                         # seeds per arm; a whole number from 1 to 1000000
seed: 1                                 # of all random numbers; a whole number from 0 to 18446744073709551615
resample: []                            # what every replication draws anew; a list of network, tasks, speeds
ties: fifo                              # order of exact ties; fifo, or random:SEED with a whole number
','c977cd595be15c83','[]','1',2,'[]','fifo',NULL,NULL,'f16b4b8022c9ebf6');
CREATE TABLE tally (id INTEGER PRIMARY KEY CHECK (id = 1), runs INTEGER NOT NULL, digest TEXT NOT NULL);
INSERT INTO "tally" VALUES(1,2,'162b86d9342f316e');
CREATE VIEW final AS
  SELECT arm.name AS arm, run.replication, entry.key AS metric, entry.value
  FROM run JOIN arm ON arm.position = run.arm, json_each(run.record, '$.finals') AS entry;
COMMIT;
PRAGMA application_id = 1398035020;
PRAGMA user_version = 1;
