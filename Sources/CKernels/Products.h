/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Products of small matrices. Wide lie over columns and each number is one sum of fused products in the order of the
 * depth, so that neither the length of vectors nor the sizes of blocks change a bit.
 *
 * Where this is included, `Wide` is a vector of VECTOR floats, `load_some` and `store_some` take and put its first few
 * numbers, and a block of COLUMN_VECTORS vectors fits the registers with BLOCK_ROWS(vectors) rows.
 */

/* The factor of row r at depth d lies at a[r * row + d * step]. */
typedef struct {
  const float *a;
  long row, step;
} Factors;

/* What is done with numbers of C before they are put where they belong, from a column on. */
INLINED starling_ending from_column(starling_ending ending, long column)
{
  if (ending.biases) ending.biases += column;
  if (ending.values) ending.values += column;
  if (ending.sums) ending.sums += column;
  return ending;
}

/* rows x vectors numbers of C at once; the last vector has `last` numbers. */
INLINED void multiply_block(
    Factors factors, const float *b, float *c, long columns, long stride, long depth, starling_ending ending,
    const int rows, const int vectors, long last)
{
  Wide sums[BLOCK_ROWS(1)][COLUMN_VECTORS];
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row++)
#pragma clang loop unroll(full)
    for (int vector = 0; vector < vectors; vector++) sums[row][vector] = 0;
#pragma clang loop unroll(disable)
  for (long d = 0; d < depth; d++) {
    Wide lanes[COLUMN_VECTORS];
#pragma clang loop unroll(full)
    for (int vector = 0; vector < vectors; vector++)
      lanes[vector] = load_some(b + d * stride + vector * VECTOR, vector == vectors - 1 ? last : VECTOR);
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) {
      Wide factor = factors.a[row * factors.row + d * factors.step];
#pragma clang loop unroll(full)
      for (int vector = 0; vector < vectors; vector++)
        sums[row][vector] = __builtin_elementwise_fma(factor, lanes[vector], sums[row][vector]);
    }
  }
#define EACH_VECTOR                                                                                                      \
  _Pragma("clang loop unroll(full)") for (int vector = 0; vector < vectors; vector++)
#define COUNT (vector == vectors - 1 ? last : VECTOR)
#define EACH_NUMBER                                                                                                      \
  _Pragma("clang loop unroll(full)") for (int row = 0; row < rows; row++) EACH_VECTOR
  if (ending.biases) {
    Wide biases[COLUMN_VECTORS];
    EACH_VECTOR biases[vector] = load_some(ending.biases + vector * VECTOR, COUNT);
    EACH_NUMBER
    {
      Wide sum = sums[row][vector] + biases[vector];
      sums[row][vector] = sum * (sum > 0 ? (Wide)1 : (Wide)ending.slope);
    }
  } else if (ending.values) {
    Wide columns_sums[COLUMN_VECTORS];
    EACH_VECTOR columns_sums[vector] = load_some(ending.sums + vector * VECTOR, COUNT);
    EACH_NUMBER
    {
      Wide value = load_some(ending.values + row * columns + vector * VECTOR, COUNT);
      sums[row][vector] *= value > 0 ? (Wide)1 : (Wide)ending.slope;
      columns_sums[vector] += sums[row][vector];
    }
    EACH_VECTOR store_some(ending.sums + vector * VECTOR, columns_sums[vector], COUNT);
  }
  EACH_NUMBER store_some(c + row * columns + vector * VECTOR, sums[row][vector], COUNT);
#undef EACH_VECTOR
#undef EACH_NUMBER
#undef COUNT
}

/* A strip of so many vectors of columns, from the first row to the last. */
INLINED void multiply_strip(
    Factors factors, const float *b, float *c, long rows, long columns, long stride, long depth, starling_ending ending,
    const int vectors, long last)
{
#define ROWS_AT_ONCE(count)                                                                                              \
  for (; rows >= (count); rows -= (count), factors.a += (count) * factors.row, c += (count) * columns) {                 \
    multiply_block(factors, b, c, columns, stride, depth, ending, (count), vectors, last);                               \
    if (ending.values) ending.values += (count) * columns;                                                               \
  }
  ROWS_AT_ONCE(BLOCK_ROWS(vectors))
  ROWS_AT_ONCE(4)
  ROWS_AT_ONCE(2)
  ROWS_AT_ONCE(1)
#undef ROWS_AT_ONCE
}

static void multiply(
    const float *a, _Bool a_transposed, const float *b, _Bool b_transposed, float *c, long rows, long columns, long depth,
    const starling_ending *wanted)
{
  const starling_ending ending = wanted ? *wanted : (starling_ending){0};
  if (ending.sums) memset(ending.sums, 0, (size_t)columns * sizeof(float));
  float room[STARLING_SMALL_SIDE * STARLING_SMALL_SIDE] __attribute__((aligned(64)));
  Factors factors = {a, a_transposed ? 1 : depth, a_transposed ? rows : 1};
  long stride = columns;
  if (b_transposed) {
    stride = (columns + VECTOR - 1) / VECTOR * VECTOR;
    transpose_float(b, depth, columns, depth, room, stride);
    b = room;
  }
  const long strip = COLUMN_VECTORS * VECTOR;
  for (long start = 0; start < columns; start += strip) {
    long left = columns - start < strip ? columns - start : strip;
    long vectors = (left + VECTOR - 1) / VECTOR;
    long last = left - (vectors - 1) * VECTOR;
#define STRIP(count)                                                                                                     \
  multiply_strip(                                                                                                        \
      factors, b + start, c + start, rows, columns, stride, depth, from_column(ending, start), (count), last)
    switch (vectors) {
    case 1: STRIP(1); break;
#if COLUMN_VECTORS == 4
    case 2: STRIP(2); break;
    case 3: STRIP(3); break;
#endif
    default: STRIP(COLUMN_VECTORS);
    }
#undef STRIP
  }
}
