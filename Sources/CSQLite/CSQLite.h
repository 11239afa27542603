/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one door to SQLite, for the folder Database of Results. Not a public interface of Starling.
 */
#ifndef STARLING_CSQLITE_H
#define STARLING_CSQLITE_H

#include <sqlite3.h>

/* Says of bytes that SQLite is to keep a copy of its own; Swift does not import the macro, which is a cast. */
static inline sqlite3_destructor_type starling_sqlite_copies(void) { return SQLITE_TRANSIENT; }

#endif
