/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Vectors of the REAL that a file of loops is compiled for. They are as long everywhere, and taken apart where a processor's
 * are shorter.
 */
#define JOIN_NAMES(name, type) name##_##type
#define NAME_FOR(name, type) JOIN_NAMES(name, type)
/* A name of its own for each type of number. */
#define NAMED(name) NAME_FOR(name, REAL)
#define INLINED static inline __attribute__((always_inline))

typedef REAL NAMED(lanes16) __attribute__((ext_vector_type(16)));
typedef REAL NAMED(lanes8) __attribute__((ext_vector_type(8)));
typedef REAL NAMED(lanes4) __attribute__((ext_vector_type(4)));
typedef REAL NAMED(lanes1);

/* What stands there for 16 numbers at once, then for 4, then for one; `Lanes` is their type and `at` where they begin. */
#define FOR_LANES(count, ...)                                                                                            \
  {                                                                                                                      \
    long at = 0;                                                                                                         \
    for (; at + 16 <= (count); at += 16) {                                                                               \
      typedef NAMED(lanes16) Lanes;                                                                                      \
      __VA_ARGS__                                                                                                        \
    }                                                                                                                    \
    for (; at + 4 <= (count); at += 4) {                                                                                 \
      typedef NAMED(lanes4) Lanes;                                                                                       \
      __VA_ARGS__                                                                                                        \
    }                                                                                                                    \
    for (; at < (count); at++) {                                                                                         \
      typedef NAMED(lanes1) Lanes;                                                                                       \
      __VA_ARGS__                                                                                                        \
    }                                                                                                                    \
  }

/* Declares what lies at a place, and writes it there. */
#define LOAD(name, place)                                                                                                \
  Lanes name;                                                                                                            \
  memcpy(&name, (place), sizeof name)
#define STORE(place, name) memcpy((place), &name, sizeof name)
