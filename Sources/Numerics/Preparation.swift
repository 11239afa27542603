// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics

/// GSL and OpenBLAS, made ready once. Whoever calls them touches this first.
package let numericsPrepared: Void = starling_prepare_numerics()
