/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which rows of a batch are the same, bit for bit. What is drawn with replacement from few states holds most of them several
 * times, and a network has to be asked but once.
 */

typedef unsigned Words __attribute__((ext_vector_type(16)));

/* 16 words of a row, or those there are and zeros. */
INLINED Words words_of(const float *row, long count)
{
  Words words = 0;
  if (count >= 16) {
    memcpy(&words, row, sizeof words);
  } else {
    unsigned some[16] = {0};
    memcpy(some, row, (size_t)count * sizeof(float));
    memcpy(&words, some, sizeof words);
  }
  return words;
}

/* A number that rows which differ seldom have in common. Floats like 1 end in zeros, which products would keep. */
INLINED unsigned row_number(const float *row, long columns)
{
  Words sum = 0;
  unsigned factor = 0x9e3779b1;
  for (long at = 0; at < columns; at += 16, factor += 0x3c6ef372) {
    Words words = words_of(row + at, columns - at);
    sum += (words ^ words >> 15) * factor;
  }
  static const Words factors = {1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31};
  unsigned number = __builtin_reduce_add((sum ^ sum >> 13) * factors);
  number = (number ^ number >> 16) * 0x85ebca6b;
  return number ^ number >> 13;
}

INLINED _Bool are_same(const float *a, const float *b, long columns)
{
  Words differ = 0;
  for (long at = 0; at < columns; at += 16) differ |= words_of(a + at, columns - at) ^ words_of(b + at, columns - at);
  return __builtin_reduce_or(differ) == 0;
}

static long distinct_rows(
    const float *rows, long count, long columns, float *distinct, long known, int *table, long table_size, int *places)
{
  const unsigned mask = (unsigned)table_size - 1;
  if (known == 0) memset(table, 0, (size_t)table_size * sizeof *table);
  for (long row = 0; row < count; row++, rows += columns) {
    unsigned slot = row_number(rows, columns) & mask;
    while (table[slot] && !are_same(distinct + (table[slot] - 1) * columns, rows, columns)) slot = (slot + 1) & mask;
    if (!table[slot]) {
      memcpy(distinct + known * columns, rows, (size_t)columns * sizeof(float));
      table[slot] = (int)++known;
    }
    places[row] = table[slot] - 1;
  }
  return known;
}
