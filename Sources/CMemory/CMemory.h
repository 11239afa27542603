// SPDX-License-Identifier: GPL-3.0-or-later
// What Swift cannot say about memory.
#ifndef STARLING_CMEMORY_H
#define STARLING_CMEMORY_H

#include <malloc.h>

/// Asks the processor to bring the cache line of an address, which need not be valid.
static inline void cache_prefetch(const void *address) { __builtin_prefetch(address); }

/// How many bytes a room of the allocator has, at least as many as were asked for.
static inline unsigned long bytes_of_room(void *room) { return malloc_usable_size(room); }

#endif
