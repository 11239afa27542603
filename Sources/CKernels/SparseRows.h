/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Products with matrices of which nearly all entries are zero, as the inputs of networks are that learn in grid worlds.
 */

/* So many numbers of a row are looked at together, in words of 64 bits. */
#define SPARSE_PIECE 128
/* So many places are written whether or not there is an entry, as a branch that cannot be foreseen would cost more. */
#define SPARSE_GUESS 4
/* The places of a piece, and room for what is written beyond them. */
#define SPARSE_PLACES (SPARSE_PIECE + 16)

/* Which of 16 numbers differ from zero, one bit each. */
INLINED unsigned NAMED(entries_of_16)(const REAL *row)
{
  typedef _Bool Bits __attribute__((ext_vector_type(16)));
  NAMED(lanes16) lanes;
  memcpy(&lanes, row, sizeof lanes);
  Bits differ = __builtin_convertvector(lanes != 0, Bits);
  unsigned short bits;
  memcpy(&bits, &differ, sizeof bits);
  return bits;
}

/* The same of up to 64. */
INLINED unsigned long long NAMED(entries_of_64)(const REAL *row, long count)
{
  unsigned long long bits = 0;
  long start = 0;
  for (; start + 16 <= count; start += 16) bits |= (unsigned long long)NAMED(entries_of_16)(row + start) << start;
  for (; start < count; start++) bits |= (unsigned long long)(row[start] != 0) << start;
  return bits;
}

/* Writes the places of the numbers that differ from zero, in their order, and returns how many there are. */
INLINED long NAMED(find_entries)(const REAL *row, long count, unsigned places[SPARSE_PLACES])
{
  long found = 0, start = 0;
#ifdef PLACES_OF_16
  for (; start + 16 <= count; start += 16)
    found += PLACES_OF_16(NAMED(entries_of_16)(row + start), (int)start, places + found);
#endif
  for (; start < count; start += 64) {
    unsigned long long bits = NAMED(entries_of_64)(row + start, count - start < 64 ? count - start : 64);
    long entries = __builtin_popcountll(bits);
    for (long guess = 0; guess < SPARSE_GUESS; guess++, bits &= bits - 1)
      places[found + guess] = (unsigned)(start + __builtin_ctzll(bits | 1ull << 63));
    for (long more = SPARSE_GUESS; more < entries; more++, bits &= bits - 1)
      places[found + more] = (unsigned)(start + __builtin_ctzll(bits));
    found += entries;
  }
  return found;
}

/* Rows of the room hold vectors of 16 numbers side by side, so that none lies across lines of the cache. The last vector of a
 * row begins where it ends with the matrix: what it has in common with the one before comes out the same. Narrower matrices
 * than that have a vector of their own, in part unused. */
typedef struct {
  long columns, vectors;
} NAMED(Strips);

INLINED long NAMED(width)(NAMED(Strips) strips) { return strips.columns < 16 ? strips.columns : 16; }

/* The column that a vector begins with. */
INLINED long NAMED(first_column)(NAMED(Strips) strips, long vector)
{
  return 16 * vector + 16 <= strips.columns ? 16 * vector : strips.columns - NAMED(width)(strips);
}

INLINED NAMED(lanes16) NAMED(load_strip)(NAMED(Strips) strips, const REAL *row, long vector)
{
  NAMED(lanes16) lanes;
  if (strips.columns >= 16) {
    memcpy(&lanes, row + NAMED(first_column)(strips, vector), sizeof lanes);
  } else {
    REAL some[16] = {0};
    for (long i = 0; i < strips.columns; i++) some[i] = row[i];
    memcpy(&lanes, some, sizeof lanes);
  }
  return lanes;
}

INLINED void NAMED(store_strip)(NAMED(Strips) strips, REAL *row, long vector, NAMED(lanes16) lanes)
{
  if (strips.columns >= 16) {
    memcpy(row + NAMED(first_column)(strips, vector), &lanes, sizeof lanes);
  } else {
    REAL some[16];
    memcpy(some, &lanes, sizeof lanes);
    for (long i = 0; i < strips.columns; i++) row[i] = some[i];
  }
}

INLINED REAL *NAMED(aligned)(REAL *room) { return (REAL *)(((uintptr_t)room + 63) & ~(uintptr_t)63); }

/* Some vectors of a row of the product: what earlier pieces of the row came to, and the multiples of rows of the room. */
INLINED void NAMED(combine)(
    NAMED(Strips) strips, const REAL *s, const unsigned *places, long entries, const REAL *room, long from,
    const int count, NAMED(lanes16) *sums)
{
  for (long entry = 0; entry < entries; entry++) {
    const REAL *row = room + (places[entry] * strips.vectors + from) * 16;
    REAL factor = s[places[entry]];
    for (int vector = 0; vector < count; vector++) {
      NAMED(lanes16) lanes;
      memcpy(&lanes, __builtin_assume_aligned(row + 16 * vector, 64), sizeof lanes);
      sums[vector] += factor * lanes;
    }
  }
}

INLINED long NAMED(entries_from)(const REAL *row, long depth, long start, unsigned *places)
{
  return NAMED(find_entries)(row + start, depth - start < SPARSE_PIECE ? depth - start : SPARSE_PIECE, places);
}

/* `count` vectors of a row of the product. The places are those of the first piece of the row. */
INLINED void NAMED(product_row)(
    NAMED(Strips) strips, const REAL *s, long depth, unsigned *places, long entries, const REAL *room, long from,
    const int count, const REAL *biases, REAL slope, REAL *c)
{
  NAMED(lanes16) sums[4] = {0};
  NAMED(combine)(strips, s, places, entries, room, from, count, sums);
  for (long start = SPARSE_PIECE; start < depth; start += SPARSE_PIECE) {
    entries = NAMED(entries_from)(s, depth, start, places);
    NAMED(combine)(strips, s + start, places, entries, room + start * strips.vectors * 16, from, count, sums);
  }
  for (int vector = 0; vector < count; vector++) {
    NAMED(lanes16) sum = sums[vector] + NAMED(load_strip)(strips, biases, from + vector);
    sum *= sum > 0 ? (NAMED(lanes16))1 : (NAMED(lanes16))slope;
    NAMED(store_strip)(strips, c, from + vector, sum);
  }
}

static void NAMED(sparse_layer)(
    const REAL *s, long rows, long depth, const REAL *b, long columns, const REAL *biases, REAL slope, REAL *room, REAL *c)
{
  unsigned places[SPARSE_PLACES];
  NAMED(Strips) strips = {columns, (columns + 15) / 16};
  room = NAMED(aligned)(room);
  for (long vector = 0; vector < strips.vectors; vector++)
    NAMED(transpose)(
        b + NAMED(first_column)(strips, vector) * depth, depth, NAMED(width)(strips), depth, room + 16 * vector,
        16 * strips.vectors);
  for (long row = 0; row < rows; row++, s += depth, c += columns) {
    long entries = 0;
    for (long from = 0; from < strips.vectors; from += 4) {
      if (from == 0 || depth > SPARSE_PIECE) entries = NAMED(entries_from)(s, depth, 0, places);
      switch (strips.vectors - from) {
      case 1: NAMED(product_row)(strips, s, depth, places, entries, room, from, 1, biases, slope, c); break;
      case 2: NAMED(product_row)(strips, s, depth, places, entries, room, from, 2, biases, slope, c); break;
      case 3: NAMED(product_row)(strips, s, depth, places, entries, room, from, 3, biases, slope, c); break;
      default: NAMED(product_row)(strips, s, depth, places, entries, room, from, 4, biases, slope, c);
      }
    }
  }
}

/* Adds the multiples of `count` vectors of a row of A to rows of the room. */
INLINED void NAMED(gradient_row)(
    NAMED(Strips) strips, const REAL *s, const unsigned *places, long entries, const REAL *a, REAL *room, long from,
    const int count)
{
  NAMED(lanes16) lanes[4], sum;
  for (int vector = 0; vector < count; vector++) lanes[vector] = NAMED(load_strip)(strips, a, from + vector);
  for (long entry = 0; entry < entries; entry++) {
    REAL *to = __builtin_assume_aligned(room + (places[entry] * strips.vectors + from) * 16, 64);
    REAL factor = s[places[entry]];
    for (int vector = 0; vector < count; vector++) {
      memcpy(&sum, to + 16 * vector, sizeof sum);
      sum += factor * lanes[vector];
      memcpy(to + 16 * vector, &sum, sizeof sum);
    }
  }
}

static void NAMED(sparse_gradient)(
    const REAL *s, long rows, long depth, const REAL *a, long columns, REAL *room, REAL *c)
{
  unsigned places[SPARSE_PLACES];
  NAMED(Strips) strips = {columns, (columns + 15) / 16};
  room = NAMED(aligned)(room);
  memset(room, 0, (size_t)(depth * strips.vectors * 16) * sizeof(REAL));
  for (long row = 0; row < rows; row++, s += depth, a += columns)
    for (long start = 0; start < depth; start += SPARSE_PIECE) {
      long entries = NAMED(entries_from)(s, depth, start, places);
      REAL *piece = room + start * strips.vectors * 16;
      for (long from = 0; from < strips.vectors; from += 4) switch (strips.vectors - from) {
        case 1: NAMED(gradient_row)(strips, s + start, places, entries, a, piece, from, 1); break;
        case 2: NAMED(gradient_row)(strips, s + start, places, entries, a, piece, from, 2); break;
        case 3: NAMED(gradient_row)(strips, s + start, places, entries, a, piece, from, 3); break;
        default: NAMED(gradient_row)(strips, s + start, places, entries, a, piece, from, 4);
        }
    }
  for (long vector = 0; vector < strips.vectors; vector++)
    NAMED(transpose)(
        room + 16 * vector, 16 * strips.vectors, depth, NAMED(width)(strips),
        c + NAMED(first_column)(strips, vector) * depth, depth);
}

#undef SPARSE_PIECE
#undef SPARSE_GUESS
#undef SPARSE_PLACES
