// SPDX-License-Identifier: GPL-3.0-or-later
// The one thing the event engine needs that Swift cannot say.
#ifndef STARLING_CPREFETCH_H
#define STARLING_CPREFETCH_H

/// Asks the processor to bring the cache line of an address, which need not be valid.
static inline void cache_prefetch(const void *address) { __builtin_prefetch(address); }

#endif
