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

/* Writes the places of bits, from a first one on, and returns how many there are; 16 numbers are overwritten. */
static inline __attribute__((always_inline)) long places_of_16(unsigned bits, int first, unsigned *places)
{
  __m512i all = _mm512_add_epi32(
      _mm512_set1_epi32(first), _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
  _mm512_storeu_si512(places, _mm512_maskz_compress_epi32((__mmask16)bits, all));
  return __builtin_popcount(bits);
}
#define PLACES_OF_16 places_of_16

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

const starling_kernels starling_avx512_kernels = {"avx512", LOOPS_OF(float), LOOPS_OF(double), OF_ROWS, OF_STREAMS, multiply};
#endif
