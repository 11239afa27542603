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

/* Makes GSL return error codes instead of ending the process, and keeps OpenBLAS to the calling thread: its own
 * threads would change the order of sums, and with it the last bits of results. May be called any number of times. */
static inline void starling_prepare_numerics(void)
{
  gsl_set_error_handler_off();
  openblas_set_num_threads(1);
}

/* Square roots that loops over them can vectorise: those of the C library may set errno. */
static inline float starling_square_root_float(float x) { return __builtin_elementwise_sqrt(x); }
static inline double starling_square_root_double(double x) { return __builtin_elementwise_sqrt(x); }

#endif
