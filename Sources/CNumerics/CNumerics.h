/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one door to GSL and OpenBLAS. Both libraries define the CBLAS enumerations, each in its own way, so
 * OpenBLAS comes first and GSL's copy is kept out. Linking OpenBLAS and never gslcblas is what makes GSL's own
 * linear algebra run on OpenBLAS. Not a public interface of Starling.
 */
#ifndef STARLING_CNUMERICS_H
#define STARLING_CNUMERICS_H

#include <cblas.h>
#define __GSL_CBLAS_H__ 1

#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_rstat.h>
#include <gsl/gsl_sf_exp.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_statistics_double.h>
#include <gsl/gsl_version.h>

#if defined(__linux__) && defined(__x86_64__)
/* OpenBLAS's own start and end of its choice of kernels; weak, as builds for one processor lack them. */
extern void gotoblas_dynamic_init(void) __attribute__((weak));
extern void gotoblas_dynamic_quit(void) __attribute__((weak));

/* The kernels that this processor can run, or null where it lacks AVX2. */
static inline const char *starling_vector_kernels(void)
{
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return NULL;
  int wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
             __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  return wide ? "SkylakeX" : "Haswell";
}

/* OpenBLAS takes a processor that is newer than itself for one without AVX, and then networks learn at less than half of
 * the speed. Where it has, it chooses again among what the processor says it can do, unless OPENBLAS_CORETYPE is set. */
static inline void starling_choose_kernels(void)
{
  static const char *const variable = "OPENBLAS_CORETYPE";
  const char *chosen = openblas_get_corename();
  int is_fallback = strcmp(chosen, "Prescott") == 0 || strcmp(chosen, "Core2") == 0 || strcmp(chosen, "Nehalem") == 0;
  const char *kernels = starling_vector_kernels();
  if (!is_fallback || !kernels || getenv(variable) || !gotoblas_dynamic_init || !gotoblas_dynamic_quit) return;
  setenv(variable, kernels, 0);
  gotoblas_dynamic_quit();
  gotoblas_dynamic_init();
  unsetenv(variable);
}
#else
static inline void starling_choose_kernels(void) {}
#endif

/* Makes GSL return error codes instead of ending the process, chooses kernels, and keeps OpenBLAS to the calling thread:
 * its own threads would change the order of sums, and with it the last bits of results. To be called once, before any
 * thread computes. */
static inline void starling_prepare_numerics(void)
{
  gsl_set_error_handler_off();
  starling_choose_kernels();
  openblas_set_num_threads(1);
}

#endif
