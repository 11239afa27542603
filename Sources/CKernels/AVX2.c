/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The loops for processors with vectors of 8 floats and fused products (Haswell, Zen and later).
 */
#include "Sorts.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#pragma clang attribute push(__attribute__((target("avx2,fma,bmi,bmi2,popcnt"))), apply_to = function)

#include "Loops.h"

#define VECTOR 8
#define COLUMN_VECTORS 2
#define BLOCK_ROWS(vectors) ((vectors) == 1 ? 12 : 6)
typedef float Wide __attribute__((ext_vector_type(VECTOR)));

/* The first so many of 8 lanes. */
INLINED __m256i lanes_below(long count)
{
  return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

INLINED Wide load_some(const float *from, long count)
{
  return (Wide)(count == VECTOR ? _mm256_loadu_ps(from) : _mm256_maskload_ps(from, lanes_below(count)));
}

INLINED void store_some(float *to, Wide lanes, long count) { _mm256_maskstore_ps(to, lanes_below(count), (__m256)lanes); }

#include "Products.h"

#pragma clang attribute pop

const starling_kernels starling_avx2_kernels = {"avx2", LOOPS_OF(float), LOOPS_OF(double), OF_ROWS, OF_STREAMS, multiply};
#endif
