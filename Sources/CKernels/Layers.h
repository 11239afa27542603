/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is done with the numbers of a layer beside its products. Strips of columns are taken from the first row to the last.
 */

static void NAMED(add_biases_and_rectify)(const REAL *biases, REAL *values, long rows, long columns, REAL slope)
{
  FOR_LANES(
      columns, LOAD(bias, biases + at);
      for (long row = 0; row < rows; row++) {
        LOAD(value, values + row * columns + at);
        value += bias;
        value *= value > 0 ? (Lanes)1 : (Lanes)slope;
        STORE(values + row * columns + at, value);
      })
}

static void NAMED(multiply_by_slopes)(
    const REAL *values, REAL *gradient, long rows, long columns, REAL slope, REAL *sums)
{
  FOR_LANES(
      columns, Lanes sum = 0;
      for (long row = 0; row < rows; row++) {
        LOAD(value, values + row * columns + at);
        LOAD(product, gradient + row * columns + at);
        product *= value > 0 ? (Lanes)1 : (Lanes)slope;
        sum += product;
        STORE(gradient + row * columns + at, product);
      }
      STORE(sums + at, sum);)
}

static void NAMED(sum_rows)(const REAL *values, long rows, long columns, REAL *sums)
{
  FOR_LANES(
      columns, Lanes sum = 0;
      for (long row = 0; row < rows; row++) {
        LOAD(value, values + row * columns + at);
        sum += value;
      }
      STORE(sums + at, sum);)
}
