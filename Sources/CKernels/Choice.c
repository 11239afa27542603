/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which loops a processor takes.
 */
#include "Sorts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const starling_kernels *starling_kernels_in_use = &starling_plain_kernels;

/* From the widest to what every processor can. */
static const starling_kernels *const sorts[] = {
#if defined(__x86_64__)
    &starling_avx512_kernels, &starling_avx2_kernels,
#endif
    &starling_plain_kernels};

static _Bool runs_here(const starling_kernels *kernels)
{
#if defined(__x86_64__)
  __builtin_cpu_init();
  _Bool medium = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
                 __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
  _Bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  if (kernels == &starling_avx512_kernels) return medium && wide;
  if (kernels == &starling_avx2_kernels) return medium;
#endif
  return kernels == &starling_plain_kernels;
}

const starling_kernels *starling_kernels_named(const char *name)
{
  for (size_t sort = 0; sort < sizeof sorts / sizeof *sorts; sort++)
    if (strcmp(sorts[sort]->name, name) == 0) return runs_here(sorts[sort]) ? sorts[sort] : NULL;
  return NULL;
}

/* Before the program begins, so that no call has to ask. */
__attribute__((constructor)) static void choose(void)
{
  static const char *const variable = "STARLING_KERNELS";
  const char *wanted = getenv(variable);
  const starling_kernels *named = wanted ? starling_kernels_named(wanted) : NULL;
  size_t sort = 0;
  while (!runs_here(sorts[sort])) sort++;
  starling_kernels_in_use = named ? named : sorts[sort];
  if (wanted && !named)
    fprintf(stderr, "warning: this processor has no %s '%s'; '%s' it is\n", variable, wanted, starling_kernels_in_use->name);
}
