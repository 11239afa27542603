/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The loops for whatever processor the program is compiled for.
 */
#include "Loops.h"
#include "Sorts.h"

const starling_kernels starling_plain_kernels = {"plain", LOOPS_OF(float), LOOPS_OF(double), OF_ROWS, OF_STREAMS, 0};
