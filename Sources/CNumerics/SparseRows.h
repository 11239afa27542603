/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Products with matrices of which nearly all entries are zero, as the inputs of networks are that learn in grid worlds.
 * They are in C for the comparison of 16 numbers at once, which Swift would take apart.
 */
#ifndef STARLING_SPARSE_ROWS_H
#define STARLING_SPARSE_ROWS_H

#include <string.h>

#define STARLING_LANES 16
typedef _Bool starling_lanes __attribute__((ext_vector_type(STARLING_LANES)));

/* Which of 16 numbers differ from zero, and y += a x, for one type of number. */
#define STARLING_SPARSE_PARTS(T)                                                                                     \
  typedef T starling_##T##_lanes __attribute__((ext_vector_type(STARLING_LANES)));                                   \
                                                                                                                     \
  __attribute__((always_inline)) static inline unsigned starling_entries_##T(const T *row, long count)               \
  {                                                                                                                  \
    unsigned entries = 0;                                                                                            \
    if (count < STARLING_LANES) {                                                                                    \
      for (long i = 0; i < count; i++) entries |= (unsigned)(row[i] != 0) << i;                                      \
    } else {                                                                                                         \
      starling_##T##_lanes lanes;                                                                                    \
      memcpy(&lanes, row, sizeof lanes);                                                                             \
      starling_lanes differ = __builtin_convertvector(lanes != 0, starling_lanes);                                   \
      unsigned short bits;                                                                                           \
      memcpy(&bits, &differ, sizeof bits);                                                                           \
      entries = bits;                                                                                                \
    }                                                                                                                \
    return entries;                                                                                                  \
  }                                                                                                                  \
                                                                                                                     \
  __attribute__((always_inline)) static inline void starling_add_##T(T a, const T *x, T *y, long count)              \
  {                                                                                                                  \
    long i = 0;                                                                                                      \
    for (; i + STARLING_LANES <= count; i += STARLING_LANES) {                                                       \
      starling_##T##_lanes from, to;                                                                                 \
      memcpy(&from, x + i, sizeof from);                                                                             \
      memcpy(&to, y + i, sizeof to);                                                                                 \
      to += a * from;                                                                                                \
      memcpy(y + i, &to, sizeof to);                                                                                 \
    }                                                                                                                \
    for (; i < count; i++) y[i] += a * x[i];                                                                         \
  }                                                                                                                  \
                                                                                                                     \
  __attribute__((always_inline)) static inline void starling_transpose_##T(                                          \
      const T *matrix, long rows, long columns, T *transpose)                                                        \
  {                                                                                                                  \
    for (long column = 0; column < columns; column++)                                                                \
      for (long row = 0; row < rows; row++) transpose[column * rows + row] = matrix[row * columns + column];         \
  }

/* C = S B' where S, rows x depth, is sparse and B is columns x depth; and C = A' S where A is rows x columns. Both need room
 * for depth x columns numbers. */
#define STARLING_SPARSE(T)                                                                                           \
  static inline void starling_sparse_product_##T(                                                                    \
      const T *s, long rows, long depth, const T *b, long columns, T *room, T *c)                                    \
  {                                                                                                                  \
    starling_transpose_##T(b, columns, depth, room);                                                                 \
    memset(c, 0, (size_t)(rows * columns) * sizeof(T));                                                              \
    for (long row = 0; row < rows; row++, s += depth, c += columns)                                                  \
      for (long start = 0; start < depth; start += STARLING_LANES)                                                   \
        for (unsigned left = starling_entries_##T(s + start, depth - start); left; left &= left - 1) {               \
          long entry = start + __builtin_ctz(left);                                                                  \
          starling_add_##T(s[entry], room + entry * columns, c, columns);                                            \
        }                                                                                                            \
  }                                                                                                                  \
                                                                                                                     \
  static inline void starling_sparse_gradient_##T(                                                                   \
      const T *s, long rows, long depth, const T *a, long columns, T *room, T *c)                                    \
  {                                                                                                                  \
    memset(room, 0, (size_t)(depth * columns) * sizeof(T));                                                          \
    for (long row = 0; row < rows; row++, s += depth, a += columns)                                                  \
      for (long start = 0; start < depth; start += STARLING_LANES)                                                   \
        for (unsigned left = starling_entries_##T(s + start, depth - start); left; left &= left - 1) {               \
          long entry = start + __builtin_ctz(left);                                                                  \
          starling_add_##T(s[entry], a, room + entry * columns, columns);                                            \
        }                                                                                                            \
    starling_transpose_##T(room, depth, columns, c);                                                                 \
  }

STARLING_SPARSE_PARTS(float)
STARLING_SPARSE_PARTS(double)
STARLING_SPARSE(float)
STARLING_SPARSE(double)

#undef STARLING_SPARSE_PARTS
#undef STARLING_SPARSE
#undef STARLING_LANES
#endif
