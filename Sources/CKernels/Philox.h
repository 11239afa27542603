/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Philox4x32-10, several blocks at once: each lane has a word of a block, and above it what nobody asks for. Randomness'
 * Philox says what a block is.
 */
typedef uint64_t Words8 __attribute__((ext_vector_type(8)));
typedef uint64_t Words4 __attribute__((ext_vector_type(4)));

/* The ten rounds on words c0 to c3 of as many blocks as a vector has lanes, by keys of which each lane has its own. */
#define PHILOX_ROUNDS(Lanes, c0, c1, c2, c3, k0, k1)                                                                     \
  for (int round = 0; round < 10; round++) {                                                                             \
    Lanes p0 = (c0 & 0xffffffff) * 0xD2511F53, p1 = (c2 & 0xffffffff) * 0xCD9E8D57;                                      \
    c0 = (p1 >> 32) ^ c1 ^ k0;                                                                                           \
    c2 = (p0 >> 32) ^ c3 ^ k1;                                                                                           \
    c1 = p1;                                                                                                             \
    c3 = p0;                                                                                                             \
    k0 += 0x9E3779B9;                                                                                                    \
    k1 += 0xBB67AE85;                                                                                                    \
  }

static void first_words(const void *streams, const void *indices, long stride, long count, uint64_t *pairs)
{
  for (long at = 0; at < count; at += 8) {
    Words8 key, salt, index;
    for (int lane = 0; lane < 8; lane++) {
      /* Lanes without a stream take the last one. */
      long place = (at + lane < count ? at + lane : count - 1) * stride;
      uint32_t short_salt;
      uint64_t word;
      memcpy(&word, (const char *)streams + place, 8);
      key[lane] = word;
      memcpy(&short_salt, (const char *)streams + place + 8, 4);
      salt[lane] = short_salt;
      memcpy(&word, (const char *)indices + place, 8);
      index[lane] = word;
    }
    Words8 c0 = index, c1 = index >> 32, c2 = 0, c3 = salt, k0 = key, k1 = key >> 32;
    PHILOX_ROUNDS(Words8, c0, c1, c2, c3, k0, k1)
    Words8 first = c0 << 32 | (c1 & 0xffffffff), second = c2 << 32 | (c3 & 0xffffffff);
    Words8 pairs_of_4[2] = {
        __builtin_shufflevector(first, second, 0, 8, 1, 9, 2, 10, 3, 11),
        __builtin_shufflevector(first, second, 4, 12, 5, 13, 6, 14, 7, 15)};
    memcpy(pairs + 2 * at, pairs_of_4, sizeof pairs_of_4);
  }
}

static void next_words(uint64_t key, uint32_t salt, uint64_t index, uint32_t block, uint32_t *words)
{
  Words4 c0 = index, c1 = index >> 32, c2 = block + (Words4){0, 1, 2, 3}, c3 = salt, k0 = key, k1 = key >> 32;
  PHILOX_ROUNDS(Words4, c0, c1, c2, c3, k0, k1)
  Words4 first = (c0 & 0xffffffff) | c1 << 32, second = (c2 & 0xffffffff) | c3 << 32;
  Words8 both = __builtin_shufflevector(first, second, 0, 4, 1, 5, 2, 6, 3, 7);
  memcpy(words, &both, sizeof both);
}
#undef PHILOX_ROUNDS
