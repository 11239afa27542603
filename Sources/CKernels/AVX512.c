/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The loops for processors with vectors of 16 floats (Skylake for servers, Zen 4 and later).
 */
#include "Sorts.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#pragma clang attribute push(                                                                                            \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma,bmi,bmi2,popcnt"))), apply_to = function)

#include "Loops.h"

#define VECTOR 16
#define COLUMN_VECTORS 4
#define BLOCK_ROWS(vectors) ((vectors) == 4 ? 6 : (vectors) == 3 ? 8 : 12)
typedef float Wide __attribute__((ext_vector_type(VECTOR)));

INLINED Wide load_some(const float *from, long count)
{
  return (Wide)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), from);
}

INLINED void store_some(float *to, Wide lanes, long count)
{
  _mm512_mask_storeu_ps(to, (__mmask16)((1u << count) - 1), (__m512)lanes);
}

#include "Products.h"

#pragma clang attribute pop

const starling_kernels starling_avx512_kernels = {"avx512", LOOPS_OF(float), LOOPS_OF(double), SOFTMAX, multiply};
#endif
