/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How a gradient becomes a move of the parameters; NeuralNets' Optimiser has the formulas. Square roots and quotients are
 * rounded once in vectors, too.
 */

/* Writes a step into its place, or adds it to what is there. */
#define TAKE_STEP(step)                                                                                                  \
  if (adds) {                                                                                                            \
    LOAD(there, into + at);                                                                                              \
    step += there;                                                                                                       \
  }                                                                                                                      \
  STORE(into + at, step);

static void NAMED(descend)(const REAL *gradient, long count, REAL factor, REAL *into, _Bool adds)
{
  FOR_LANES(count, LOAD(step, gradient + at); step *= factor; TAKE_STEP(step))
}

static void NAMED(adam)(
    const REAL *gradient, REAL *first, REAL *second, long count, const NAMED(starling_adam_of) *numbers, REAL *into,
    _Bool adds)
{
  const NAMED(starling_adam_of) by = *numbers;
  FOR_LANES(
      count, LOAD(g, gradient + at); LOAD(m, first + at); LOAD(v, second + at);
      m += by.fresh * (g - m);
      v = by.kept * v + by.fresh_square * (g * g);
      STORE(first + at, m); STORE(second + at, v);
      Lanes step = by.factor * m / (__builtin_elementwise_sqrt(v) * by.correction + by.floor);
      TAKE_STEP(step))
}

static void NAMED(root_mean_square)(
    const REAL *gradient, REAL *square, long count, REAL kept, REAL fresh, REAL factor, REAL floor, REAL *into,
    _Bool adds)
{
  FOR_LANES(
      count, LOAD(g, gradient + at); LOAD(v, square + at);
      v = kept * v + fresh * (g * g);
      STORE(square + at, v);
      Lanes step = factor * g / (__builtin_elementwise_sqrt(v) + floor);
      TAKE_STEP(step))
}

#undef TAKE_STEP
