/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Philox4x32-10, several blocks at once: each lane has a word of a block, and above it what nobody asks for. Randomness'
 * Philox says what a block is.
 */
typedef uint64_t Words8 __attribute__((ext_vector_type(8)));
/* As many streams as go side by side: senders have few links, and a lane without one is lost. */
typedef uint64_t Words4 __attribute__((ext_vector_type(4)));

/* The ten rounds on words c[0] to c[3] of four blocks, by keys of which each lane has its own. */
INLINED void philox_rounds(Words4 c[4], Words4 k0, Words4 k1)
{
  for (int round = 0; round < 10; round++) {
    Words4 p0 = (c[0] & 0xffffffff) * 0xD2511F53, p1 = (c[2] & 0xffffffff) * 0xCD9E8D57;
    c[0] = (p1 >> 32) ^ c[1] ^ k0;
    c[2] = (p0 >> 32) ^ c[3] ^ k1;
    c[1] = p1;
    c[3] = p0;
    k0 += 0x9E3779B9;
    k1 += 0xBB67AE85;
  }
}

/* Both pairs of words of four blocks, block after block, the earlier word of a pair in the upper half. */
INLINED Words8 pairs_of(Words4 first_high, Words4 first_low, Words4 second_high, Words4 second_low)
{
  Words4 first = first_high << 32 | (first_low & 0xffffffff), second = second_high << 32 | (second_low & 0xffffffff);
  return __builtin_shufflevector(first, second, 0, 4, 1, 5, 2, 6, 3, 7);
}

static void first_words(const void *streams, const void *indices, long stride, long count, uint64_t *pairs)
{
  for (long at = 0; at < count; at += 4) {
    Words4 key, salt, index;
    for (int lane = 0; lane < 4; lane++) {
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
    Words4 c[4] = {index, index >> 32, 0, salt};
    philox_rounds(c, key, key >> 32);
    Words8 both = pairs_of(c[0], c[1], c[2], c[3]);
    memcpy(pairs + 2 * at, &both, sizeof both);
  }
}

static void next_words(uint64_t key, uint32_t salt, uint64_t index, uint32_t block, uint32_t *words)
{
  Words4 c[4] = {index, index >> 32, block + (Words4){0, 1, 2, 3}, salt};
  philox_rounds(c, key, key >> 32);
  /* The earlier word comes first in memory, which is the lower half. */
  Words8 both = pairs_of(c[1], c[0], c[3], c[2]);
  memcpy(words, &both, sizeof both);
}
