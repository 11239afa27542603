/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The loops that runs spend their time in, compiled for several processors in one program, of which it takes the widest that
 * runs where it is. They are in C because Swift compiles a file for one processor. Not a public interface of Starling.
 *
 * The same bits come out whichever is taken: sums have one order, lanes lie over what is independent, and nothing is fused
 * that is not fused everywhere. Matrices lie row by row without gaps.
 */
#ifndef STARLING_CKERNELS_H
#define STARLING_CKERNELS_H

#include <stdint.h>

#pragma clang assume_nonnull begin

/* What there is for one type of number. */
#define STARLING_KERNELS_OF(T)                                                                                           \
  typedef struct starling_kernels_of_##T {                                                                               \
    /* C = S B' where S, rows x depth, is sparse and B is columns x depth. What is zero in S is not multiplied. Then     \
     * biases are added to each row, and what does not lie above zero is multiplied by a slope. Needs room for           \
     * starling_sparse_room numbers. */                                                                                  \
    void (*sparse_layer)(                                                                                                \
        const T *s, long rows, long depth, const T *b, long columns, const T *biases, T slope, T *room, T *c);           \
    /* C = A' S where A is rows x columns, with the same room. */                                                        \
    void (*sparse_gradient)(                                                                                             \
        const T *s, long rows, long depth, const T *a, long columns, T *room, T *c);                                     \
    /* Adds biases to each row, and multiplies by a slope what does not lie above zero. */                               \
    void (*add_biases_and_rectify)(const T *biases, T *values, long rows, long columns, T slope);                        \
    /* Multiplies a gradient by that slope where values do not lie above zero, and sums its rows. */                     \
    void (*multiply_by_slopes)(const T *values, T *gradient, long rows, long columns, T slope, T *sums);                 \
    /* Sums rows, from the first on. */                                                                                  \
    void (*sum_rows)(const T *values, long rows, long columns, T *sums);                                                 \
    /* factor g, put or added to what is there, which may be g itself. */                                                \
    void (*descend)(const T *gradient, long count, T factor, T *into, _Bool adds);                                       \
    /* Adam: m += fresh (g - m), v = kept v + fresh_square g g; then factor m / (root(v) correction + floor), likewise. */ \
    void (*adam)(                                                                                                        \
        const T *gradient, T *m, T *v, long count, const starling_adam_of_##T *numbers, T *into, _Bool adds);            \
    /* RMSProp: v = kept v + fresh g g; then factor g / (root(v) + floor), likewise. */                                  \
    void (*root_mean_square)(                                                                                            \
        const T *gradient, T *v, long count, T kept, T fresh, T factor, T floor, T *into, _Bool adds);                   \
  } starling_kernels_of_##T;

/* The numbers of one move of Adam. */
typedef struct { float fresh, kept, fresh_square, factor, correction, floor; } starling_adam_of_float;
typedef struct { double fresh, kept, fresh_square, factor, correction, floor; } starling_adam_of_double;

STARLING_KERNELS_OF(float)
STARLING_KERNELS_OF(double)
#undef STARLING_KERNELS_OF

/* What is done with the numbers of a product as they come: biases are added, and what does not lie above zero is multiplied by
 * a slope; or they are multiplied by it where others, the values, do not lie above zero, and their columns are summed. */
typedef struct {
  const float *_Nullable biases;
  const float *_Nullable values;
  float *_Nullable sums;
  float slope;
} starling_ending;

/* All loops, compiled for one sort of processors. */
typedef struct starling_kernels {
  /* As the environment variable STARLING_KERNELS has it. */
  const char *name;
  starling_kernels_of_float of_float;
  starling_kernels_of_double of_double;
  /* Of each row log(sum of exp z), without overflow. */
  void (*log_sums)(const float *z, long rows, long columns, float *sums);
  /* z less that, which may be put in its place. */
  void (*log_probabilities)(const float *z, long rows, long columns, float *into);
  /* Adds rows to those that are known, each different row once and in the order in which they first come, and says of each of
   * them which of the known it is. The table, of a power of two above the number of all rows, is for this function alone: it
   * is cleared where none is known. Returns how many are known then. */
  long (*distinct_rows)(
      const float *rows, long count, long columns, float *distinct, long known, int *table, long table_size, int *places);
  /* Of random streams (Randomness' Philox) that lie so many bytes apart, each a key of eight bytes and a salt of four behind
   * it: the first four words at an index of each, in two pairs with the earlier word in the upper half. Indices lie equally
   * far apart. Writes for a multiple of four streams. */
  void (*first_words)(const void *streams, const void *indices, long stride, long count, uint64_t *pairs);
  /* The first 16 words at an index of a stream from the block of a number on. */
  void (*next_words)(uint64_t key, uint32_t salt, uint64_t index, uint32_t block, uint32_t *words);
  /* C = A B, where A and B may be stored as their transposes, for sizes of starling_is_small_product and some more; null
   * where processors have no fused multiply-add. Each entry of C is one sum of fused products in the order of the depth. */
  void (*_Nullable multiply)(
      const float *a, _Bool a_transposed, const float *b, _Bool b_transposed, float *c, long rows, long columns,
      long depth, const starling_ending *_Nullable ending);
} starling_kernels;

/* How many numbers products with sparse matrices need as their room. */
static inline long starling_sparse_room(long depth, long columns) { return depth * ((columns + 15) / 16 * 16) + 16; }

/* The widest layer that products are ours for. */
#define STARLING_SMALL_SIDE 128
/* The fewest rows that are worth transposing B for. */
#define STARLING_FEW_ROWS 8

/* Whether a product is one for which our loops are about as fast as OpenBLAS or faster, as was measured: a matter of sizes
 * alone. Batches may be of any length: in a layer's products the other two sides are those of its weights. */
static inline _Bool starling_is_small_product(long rows, long columns, long depth, _Bool a_transposed, _Bool b_transposed)
{
  long other = a_transposed ? rows : depth;
  if (b_transposed && (depth > STARLING_SMALL_SIDE || rows < STARLING_FEW_ROWS)) return 0;
  return columns <= STARLING_SMALL_SIDE && other <= STARLING_SMALL_SIDE;
}

/* The loops for plain processors, and those of the others that this one can run, or null. */
extern const starling_kernels *_Nullable starling_kernels_named(const char *name);

/* The loops in use, from before the program begins. */
extern const starling_kernels *starling_kernels_in_use;

static inline const starling_kernels_of_float *starling_float_kernels(void) { return &starling_kernels_in_use->of_float; }
static inline const starling_kernels_of_double *starling_double_kernels(void) { return &starling_kernels_in_use->of_double; }
static inline const char *starling_kernels_name(void) { return starling_kernels_in_use->name; }

static inline void starling_log_sums_float(const float *z, long rows, long columns, float *sums)
{
  starling_kernels_in_use->log_sums(z, rows, columns, sums);
}

static inline void starling_log_probabilities_float(const float *z, long rows, long columns, float *into)
{
  starling_kernels_in_use->log_probabilities(z, rows, columns, into);
}

static inline long starling_distinct_rows(
    const float *rows, long count, long columns, float *distinct, long known, int *table, long table_size, int *places)
{
  return starling_kernels_in_use->distinct_rows(rows, count, columns, distinct, known, table, table_size, places);
}

static inline void starling_first_words(
    const void *streams, const void *indices, long stride, long count, uint64_t *pairs)
{
  starling_kernels_in_use->first_words(streams, indices, stride, count, pairs);
}

static inline void starling_next_words(uint64_t key, uint32_t salt, uint64_t index, uint32_t block, uint32_t *words)
{
  starling_kernels_in_use->next_words(key, salt, index, block, words);
}

/* C = A B by these loops; false, and nothing done, where OpenBLAS is to do it. */
static inline _Bool starling_multiply_float(
    const float *a, _Bool a_transposed, const float *b, _Bool b_transposed, float *c, long rows, long columns, long depth,
    const starling_ending *_Nullable ending)
{
  if (!starling_kernels_in_use->multiply) return 0;
  if (!starling_is_small_product(rows, columns, depth, a_transposed, b_transposed)) return 0;
  starling_kernels_in_use->multiply(a, a_transposed, b, b_transposed, c, rows, columns, depth, ending);
  return 1;
}

#pragma clang assume_nonnull end
#endif
