// SPDX-License-Identifier: GPL-3.0-or-later

extension NavigationMap {
  /// The maps by the numbers of their tasks. Corridors are too narrow to fly in circles in, and each map has an appearance of
  /// its own, so that a policy has to know readings of more than one kind.
  package static let all = [loop, ladder, zigzag, slalom]

  /// A ring.
  private static let loop = NavigationMap(
    name: "loop", cell: 1,
    appearance: Appearance(gain: 1, power: 1, bias: 0),
    poses: [
      Pose(10, 2, 0), Pose(10, 10, .pi),
      Pose(2, 6, .pi / 2), Pose(18, 6, -.pi / 2),
      Pose(10, 2, .pi), Pose(10, 10, 0),
      Pose(2, 6, -.pi / 2), Pose(18, 6, .pi / 2),
    ],
    """
    ####################
    #..................#
    #..................#
    #..##############..#
    #..##############..#
    #..##############..#
    #..##############..#
    #..##############..#
    #..##############..#
    #..................#
    #..................#
    ####################
    """)

  /// Two rings with crossings.
  private static let ladder = NavigationMap(
    name: "ladder", cell: 1,
    appearance: Appearance(gain: 0.5, power: 1, bias: 0.5),
    poses: [
      Pose(6, 2, 0), Pose(6, 12, .pi),
      Pose(2, 7, .pi / 2), Pose(11, 4, -.pi / 2),
      Pose(16, 2, .pi), Pose(16, 7, 0),
      Pose(16, 12, 0), Pose(20, 10, -.pi / 2),
    ],
    """
    ######################
    #....................#
    #....................#
    #..#######..#######..#
    #..#######..#######..#
    #..#######..#######..#
    #..#######...........#
    #..#######...........#
    #..#######..#######..#
    #..#######..#######..#
    #..#######..#######..#
    #....................#
    #....................#
    ######################
    """)

  /// A closed way that turns to both sides.
  private static let zigzag = NavigationMap(
    name: "zigzag", cell: 1,
    appearance: Appearance(gain: 0.4, power: 1, bias: 0),
    poses: [
      Pose(2, 6, .pi / 2), Pose(2, 6, -.pi / 2),
      Pose(6, 5, -.pi / 2), Pose(10, 5, .pi / 2),
      Pose(14, 5, -.pi / 2), Pose(18, 10, .pi / 2),
      Pose(10, 12, 0), Pose(10, 12, .pi),
    ],
    """
    ####################
    #......##......#####
    #......##......#####
    #..##..##..##..#####
    #..##..##..##..#####
    #..##..##..##..#####
    #..##..##..##..#####
    #..##......##......#
    #..##......##......#
    #..##############..#
    #..##############..#
    #..................#
    #..................#
    ####################
    """)

  /// A ring with a pilaster now on one side and now on the other.
  private static let slalom = NavigationMap(
    name: "slalom", cell: 0.8,
    appearance: Appearance(gain: 0.4, power: 1, bias: 0.3),
    poses: [
      Pose(4.4, 2, 0), Pose(16.6, 2, .pi),
      Pose(4.4, 12.4, 0), Pose(16.6, 12.4, .pi),
      Pose(2, 4.4, .pi / 2), Pose(2, 10, -.pi / 2),
      Pose(18.8, 4.4, .pi / 2), Pose(18.8, 10, -.pi / 2),
    ],
    """
    ##########################
    ##.....#.....#.....#....##
    #........................#
    #.........#.....#........#
    #...##################...#
    #...##################...#
    #...##################...#
    ##..##################..##
    #...##################...#
    #...##################...#
    #..####################..#
    #...##################...#
    #...##################...#
    #...##################...#
    #.........#.....#........#
    #........................#
    ##.....#.....#.....#....##
    ##########################
    """)
}
