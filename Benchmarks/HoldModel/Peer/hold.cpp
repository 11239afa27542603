// SPDX-License-Identifier: GPL-3.0-or-later
// The hold model on a plain 4-ary heap: what the scheduler is measured against.
//
// Same generator, same seed, same order (time, sequence), and the same hash over what was taken, so that both
// programs must print the same number. No cancellation, no waves, no classes, no counts. Two layouts:
// "records" keeps the 16 bytes of the event in the heap (32-byte records), "slab" keeps them beside it (24-byte
// records, the event in a slab with a free list).
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <vector>

struct Generator {
  uint64_t s[4];
  explicit Generator(uint64_t seed) {
    for (auto &word : s) {
      seed += 0x9E3779B97F4A7C15u;
      uint64_t x = seed;
      x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
      x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
      word = x ^ (x >> 31);
    }
  }
  static uint64_t rotated(uint64_t x, int k) { return x << k | x >> (64 - k); }
  uint64_t next() {
    const uint64_t result = rotated(s[0] + s[3], 23) + s[0];
    const uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotated(s[3], 45);
    return result;
  }
  // Exponential seconds of mean 1, rounded to the nearest nanosecond as the scheduler rounds them.
  int64_t nanoseconds() { return int64_t(-std::log((double(next() >> 11) + 1) * 0x1p-53) * 1e9 + 0x1p52 - 0x1p52); }
};

struct Event {
  uint8_t kind, tag;
  uint16_t phase;
  uint32_t subject, incarnation, payload;
};
static_assert(sizeof(Event) == 16);

struct Fingerprint {
  uint64_t state = 0x243F6A8885A308D3u;
  void fold(int64_t time, const Event &event) {
    uint64_t bits = uint64_t(time);
    uint64_t identity =
        uint64_t(event.kind) | uint64_t(event.tag) << 8 | uint64_t(event.phase) << 16 | uint64_t(event.subject) << 32;
    uint64_t a = bits * 0x9E3779B97F4A7C15u, b = identity * 0xC2B2AE3D27D4EB4Fu;
    uint64_t x = state ^ (a ^ (b << 32 | b >> 32));
    state = (x << 29 | x >> 35) * 0xA0761D6478BD642Fu;
  }
  uint64_t value() const {
    uint64_t x = state;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
  }
};

template <class Record> struct Heap {
  std::vector<Record> records;
  static bool precedes(const Record &a, const Record &b) {
    return a.time != b.time ? a.time < b.time : a.sequence < b.sequence;
  }
  void push(const Record &record) {
    size_t vacant = records.size();
    records.push_back(record);
    Record *r = records.data();
    while (vacant > 0) {
      size_t parent = (vacant - 1) >> 2;
      if (!precedes(record, r[parent])) break;
      r[vacant] = r[parent];
      vacant = parent;
    }
    r[vacant] = record;
  }
  Record pop() {
    Record *r = records.data();
    Record result = r[0], last = records.back();
    records.pop_back();
    size_t size = records.size(), vacant = 0, first = 1;
    if (size == 0) return result;
    while (first + 3 < size) {
      size_t earliest = first;
      if (precedes(r[first + 1], r[earliest])) earliest = first + 1;
      if (precedes(r[first + 2], r[earliest])) earliest = first + 2;
      if (precedes(r[first + 3], r[earliest])) earliest = first + 3;
      if (!precedes(r[earliest], last)) {
        r[vacant] = last;
        return result;
      }
      r[vacant] = r[earliest];
      vacant = earliest;
      first = 4 * earliest + 1;
    }
    if (first < size) {
      size_t earliest = first;
      for (size_t child = first + 1; child < size; child++)
        if (precedes(r[child], r[earliest])) earliest = child;
      if (precedes(r[earliest], last)) {
        r[vacant] = r[earliest];
        vacant = earliest;
      }
    }
    r[vacant] = last;
    return result;
  }
};

struct WideQueue {
  struct Record {
    int64_t time;
    uint64_t sequence;
    Event event;
  };
  Heap<Record> heap;
  uint64_t sequence = 0;
  void schedule(int64_t time, const Event &event) { heap.push({time, sequence++, event}); }
  Event next(int64_t &now) {
    Record record = heap.pop();
    now = record.time;
    return record.event;
  }
};

struct SlabQueue {
  struct Record {
    int64_t time;
    uint64_t sequence;
    uint32_t slot;
  };
  Heap<Record> heap;
  std::vector<Event> slab;
  std::vector<uint32_t> freeSlots;
  uint64_t sequence = 0;
  void schedule(int64_t time, const Event &event) {
    uint32_t slot;
    if (freeSlots.empty()) {
      slot = uint32_t(slab.size());
      slab.push_back(event);
    } else {
      slot = freeSlots.back();
      freeSlots.pop_back();
      slab[slot] = event;
    }
    heap.push({time, sequence++, slot});
  }
  Event next(int64_t &now) {
    Record record = heap.pop();
    now = record.time;
    freeSlots.push_back(record.slot);
    return slab[record.slot];
  }
};
static_assert(sizeof(WideQueue::Record) == 32 && sizeof(SlabQueue::Record) == 24);

template <class Queue>
__attribute__((noinline)) void run(long holds, Queue &queue, Fingerprint &fingerprint, Generator &generator) {
  for (long i = 0; i < holds; i++) {
    int64_t now;
    Event event = queue.next(now);
    fingerprint.fold(now, event);
    queue.schedule(now + generator.nanoseconds(), event);
  }
}

long processNanoseconds() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec * 1000000000L + time.tv_nsec;
}

template <class Queue> void hold(long pending, long warmUp, long measured) {
  Generator generator(42);
  Queue queue;
  Fingerprint fingerprint;
  for (long i = 0; i < pending; i++)
    queue.schedule(generator.nanoseconds(), Event{4, 0, 0, uint32_t(i), 0, uint32_t(i)});
  run(warmUp, queue, fingerprint, generator);
  long start = processNanoseconds();
  run(measured, queue, fingerprint, generator);
  long end = processNanoseconds();
  std::printf("%.6f %llu\n", double(end - start) / double(measured), (unsigned long long)fingerprint.value());
}

int main(int argc, char **argv) {
  if (argc != 5) {
    std::puts("usage: hold records|slab PENDING WARM-UP HOLDS; prints \"ns-per-hold fingerprint\"");
    return 64;
  }
  long pending = std::atol(argv[2]), warmUp = std::atol(argv[3]), measured = std::atol(argv[4]);
  if (std::strcmp(argv[1], "slab") == 0)
    hold<SlabQueue>(pending, warmUp, measured);
  else
    hold<WideQueue>(pending, warmUp, measured);
}
