// SPDX-License-Identifier: GPL-3.0-or-later
import Commands

@main
enum Program {
  static func main() { Starling.main() }
}
