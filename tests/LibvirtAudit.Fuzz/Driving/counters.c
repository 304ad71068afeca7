/*
 * The branch counters of the instrumented assembly, where libFuzzer looks for counters that its own compiler pass did
 * not make (section __libfuzzer_extra_counters, compiler-rt's FuzzerExtraCounters). Linked with libFuzzer's archive into
 * the library that the fuzzing process loads, so that fuzzer and parser are one process.
 */
#include <stdint.h>

enum { COUNTERS = 1 << 16 }; /* SharpFuzz numbers branches with 16 bits */

__attribute__((section("__libfuzzer_extra_counters"))) uint8_t branch_counters[COUNTERS];

uint8_t *libvirtaudit_counters(void)
{
    return branch_counters;
}
