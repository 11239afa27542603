/* SPDX-License-Identifier: GPL-3.0-or-later */

#define PAIR(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)

/* The transpose of 8 x 8 numbers: halves of rows, pairs, pairs of pairs. */
INLINED void NAMED(transpose_8_by_8)(const REAL *from, long row, REAL *to, long stride)
{
  NAMED(lanes8) a[8], b[8];
  for (int i = 0; i < 4; i++)
    for (int half = 0; half < 2; half++) {
      NAMED(lanes4) low, high;
      memcpy(&low, from + i * row + 4 * half, sizeof low);
      memcpy(&high, from + (i + 4) * row + 4 * half, sizeof high);
      a[4 * half + i] = PAIR(low, high, 0, 1, 2, 3, 4, 5, 6, 7);
    }
  for (int i = 0; i < 8; i += 2) {
    b[i] = PAIR(a[i], a[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    b[i + 1] = PAIR(a[i], a[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
  for (int i = 0; i < 8; i += 4)
    for (int j = 0; j < 2; j++) {
      NAMED(lanes8) even = PAIR(b[i + j], b[i + j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      NAMED(lanes8) odd = PAIR(b[i + j], b[i + j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
      memcpy(to + (i + 2 * j) * stride, &even, sizeof even);
      memcpy(to + (i + 2 * j + 1) * stride, &odd, sizeof odd);
    }
}

/* The transpose of a matrix whose rows lie `row` apart, those of the transpose `stride`. Blocks at the ends begin where they
 * end with the matrix. */
INLINED void NAMED(transpose)(const REAL *matrix, long row, long rows, long columns, REAL *transpose, long stride)
{
  if (rows < 8 || columns < 8) {
    for (long i = 0; i < rows; i++)
      for (long j = 0; j < columns; j++) transpose[j * stride + i] = matrix[i * row + j];
    return;
  }
  for (long i = 0; i < rows; i += 8)
    for (long j = 0; j < columns; j += 8) {
      long first = i < rows - 8 ? i : rows - 8, start = j < columns - 8 ? j : columns - 8;
      NAMED(transpose_8_by_8)(matrix + first * row + start, row, transpose + start * stride + first, stride);
    }
}

#undef PAIR
