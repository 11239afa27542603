/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sorts of processors that loops are compiled for.
 */
#ifndef STARLING_SORTS_H
#define STARLING_SORTS_H

#include "CKernels.h"

extern const starling_kernels starling_plain_kernels;
#if defined(__x86_64__)
extern const starling_kernels starling_avx2_kernels;
extern const starling_kernels starling_avx512_kernels;
#endif

#endif
