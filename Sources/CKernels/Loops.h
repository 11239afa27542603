/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All loops, to be compiled for one sort of processors by a file that includes this.
 */
#include "CKernels.h"

#include <stdint.h>
#include <string.h>

/* What is not written as fused is two operations, on every processor. */
#pragma STDC FP_CONTRACT OFF

/* Functions that take vectors are inlined, so that how they would be passed does not matter. */
#pragma clang diagnostic ignored "-Wpsabi"

#define REAL float
#include "Lanes.h"
#include "Transposition.h"
#include "SparseRows.h"
#include "Layers.h"
#include "Moves.h"
#undef REAL

#include "DistinctRows.h"
#include "Softmax.h"
#include "Philox.h"

#define REAL double
#include "Lanes.h"
#include "Transposition.h"
#include "SparseRows.h"
#include "Layers.h"
#include "Moves.h"
#undef REAL

/* Entries of the table of these loops. */
#define OF_ROWS log_sums, log_probabilities, distinct_rows
#define OF_STREAMS first_words, next_words
#define LOOPS_OF(T)                                                                                                      \
  {sparse_layer_##T, sparse_gradient_##T, add_biases_and_rectify_##T, multiply_by_slopes_##T, sum_rows_##T,              \
   descend_##T, adam_##T, root_mean_square_##T}
