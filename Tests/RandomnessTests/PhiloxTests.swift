// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness
import Testing

/// The known-answer vectors published with the Random123 library (`kat_vectors`, philox4x32 with 10 rounds).
@Test(arguments: [
  (
    SIMD4<UInt32>(0, 0, 0, 0), UInt64(0),
    SIMD4<UInt32>(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8)
  ),
  (
    SIMD4<UInt32>(repeating: .max), UInt64.max,
    SIMD4<UInt32>(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD)
  ),
  (
    SIMD4<UInt32>(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344), UInt64(0x299F_31D0_A409_3822),
    SIMD4<UInt32>(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1)
  ),
])
func philoxGivesThePublishedWords(_ vector: (SIMD4<UInt32>, UInt64, SIMD4<UInt32>)) {
  #expect(Philox.block(vector.0, key: vector.1) == vector.2)
}
