/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Logarithms of sums of exponentials of rows, 16 rows at once, so that lanes lie over rows and sums keep their order.
 * Exponentials and logarithms are computed in double precision and rounded once; they are our own because the C library's
 * take one number at a time, and another way with each processor.
 */

typedef double Doubles __attribute__((ext_vector_type(16)));
typedef uint64_t Integers __attribute__((ext_vector_type(16)));

/* exp x = 2^k exp r with |r| <= log(2)/2, of which the powers of r up to the ninth are within 1e-11. */
INLINED lanes16_float exponential(lanes16_float x)
{
  static const double factorials[] = {1. / 362880, 1. / 40320, 1. / 5040, 1. / 720, 1. / 120, 1. / 24, 1. / 6, .5, 1, 1};
  const double shift = 0x1.8p52;
  Doubles wide = __builtin_convertvector(x, Doubles);
  /* Beyond these there is nothing but zero and infinity; what is no number stays. */
  wide = wide > 100 ? (Doubles)100 : wide;
  wide = wide < -120 ? (Doubles)-120 : wide;
  Doubles shifted = wide * 0x1.71547652b82fep0 + shift;
  Doubles r = wide - (shifted - shift) * 0x1.62e42fefa39efp-1;
  Doubles sum = factorials[0];
  for (int power = 1; power < 10; power++) sum = sum * r + factorials[power];
  Integers bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits = (bits + 1023) << 52;
  Doubles scale;
  memcpy(&scale, &bits, sizeof scale);
  return __builtin_convertvector(sum * scale, lanes16_float);
}

/* log x = e log 2 + log m with m in sqrt(1/2)...sqrt(2), by t = (m - 1) / (m + 1): log m = 2 (t + t^3/3 + ...), of numbers from
 * 1 on. */
INLINED lanes16_float logarithm(lanes16_float x)
{
  Doubles wide = __builtin_convertvector(x, Doubles);
  Integers bits;
  memcpy(&bits, &wide, sizeof bits);
  /* So that the exponent, with its bias of 1023, turns at sqrt(2). */
  Integers exponent = (bits + (0x3ff0000000000000 - 0x3fe6a09e667f3bcd)) >> 52;
  bits -= (exponent - 1023) << 52;
  /* As a double: 2^52 with the exponent in its last bits. */
  exponent |= 0x4330000000000000;
  Doubles e;
  memcpy(&e, &exponent, sizeof e);
  e -= 0x1p52 + 1023;
  Doubles m;
  memcpy(&m, &bits, sizeof m);
  Doubles t = (m - 1) / (m + 1), square = t * t;
  Doubles sum = 1. / 15;
  for (int odd = 13; odd > 0; odd -= 2) sum = sum * square + 1. / odd;
  Doubles found = e * 0x1.62e42fefa39efp-1 + 2 * t * sum;
  /* Infinity, and what is no number, are their own. */
  return __builtin_convertvector(wide - wide == 0 ? found : wide, lanes16_float);
}

/* A column of 16 rows, or of those there are. */
INLINED lanes16_float column_of(const float *z, long rows, long columns)
{
  float some[16] = {0};
  if (rows >= 16) {
#pragma clang loop unroll(full)
    for (long row = 0; row < 16; row++) some[row] = z[row * columns];
  } else {
    for (long row = 0; row < rows; row++) some[row] = z[row * columns];
  }
  lanes16_float lanes;
  memcpy(&lanes, some, sizeof lanes);
  return lanes;
}

typedef struct {
  lanes16_float greatest, logarithm;
} RowSums;

/* Of up to 16 rows the greatest number g and log(sum of exp(z - g)). */
INLINED RowSums sum_exponentials(const float *z, long rows, long columns)
{
  lanes16_float greatest = column_of(z, rows, columns), sum = 0;
  for (long column = 1; column < columns; column++) {
    lanes16_float lanes = column_of(z + column, rows, columns);
    greatest = lanes >= greatest ? lanes : greatest;
  }
  for (long column = 0; column < columns; column++) sum += exponential(column_of(z + column, rows, columns) - greatest);
  return (RowSums){greatest, logarithm(sum)};
}

/* The same of one row, with lanes over its columns: less work where rows are few. */
INLINED RowSums sum_exponentials_of_row(const float *z, long columns)
{
  float greatest = z[0], sum = 0, some[16];
  for (long column = 1; column < columns; column++) greatest = z[column] >= greatest ? z[column] : greatest;
  for (long column = 0; column < columns; column += 16) {
    long count = columns - column < 16 ? columns - column : 16;
    lanes16_float lanes = exponential(column_of(z + column, count, 1) - greatest);
    memcpy(some, &lanes, sizeof some);
    for (long i = 0; i < count; i++) sum += some[i];
  }
  return (RowSums){greatest, logarithm(sum)};
}

static void log_sums(const float *z, long rows, long columns, float *sums)
{
  for (; rows > 0 && rows < 4; rows--, z += columns, sums++) {
    RowSums found = sum_exponentials_of_row(z, columns);
    *sums = found.greatest[0] + found.logarithm[0];
  }
  for (; rows > 0; rows -= 16, z += 16 * columns, sums += 16) {
    RowSums found = sum_exponentials(z, rows, columns);
    lanes16_float logarithms = found.greatest + found.logarithm;
    memcpy(sums, &logarithms, (size_t)(rows < 16 ? rows : 16) * sizeof(float));
  }
}

static void log_probabilities(const float *z, long rows, long columns, float *into)
{
  for (; rows > 0 && rows < 4; rows--, z += columns, into += columns) {
    RowSums found = sum_exponentials_of_row(z, columns);
    for (long column = 0; column < columns; column++)
      into[column] = z[column] - found.greatest[0] - found.logarithm[0];
  }
  for (; rows > 0; rows -= 16, z += 16 * columns, into += 16 * columns) {
    RowSums found = sum_exponentials(z, rows, columns);
    float greatest[16], logarithms[16];
    memcpy(greatest, &found.greatest, sizeof greatest);
    memcpy(logarithms, &found.logarithm, sizeof logarithms);
    for (long row = 0; row < 16 && row < rows; row++)
      for (long column = 0; column < columns; column++)
        into[row * columns + column] = z[row * columns + column] - greatest[row] - logarithms[row];
  }
}
