// SPDX-License-Identifier: GPL-3.0-or-later

// All that is public of these rooms is for those who add tasks, learners, environments and metrics of their own, and
// nothing else of Starling is.
@_exported import Commands
@_exported import Environments
@_exported import Learners
@_exported import Quantities
@_exported import Randomness
@_exported import Records
@_exported import Scenarios
@_exported import Schema
