// SPDX-License-Identifier: GPL-3.0-or-later

extension TopologyDefinition {
  /// All topologies; a new one gets a line here.
  package static let all: [TopologyDefinition] = [
    .ring,
    .path,
    .star,
    .complete,
    .grid,
    .torus,
    .circulant,
    .exponential,
    .hypercube,
    .ringOfCliques,
    .randomRegular,
    .erdosRenyi,
    .barabasiAlbert,
    .randomGeometric,
    .mobile,
    .edgeList,
  ]
}
