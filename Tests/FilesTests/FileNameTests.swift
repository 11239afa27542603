// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Testing

@Test func plainNamesStayAsTheyAreAndAsTheyWere() {
  for name in ["stragglers", "a.b_c-d=1,2", "2026-11", "Ünïcode", "实验一", "प्रयोग", "ж"] {
    #expect(fileName(of: [name]) == name)
  }
  for texts in [["small"], ["small", "conditions.links.loss=0.1"], [String(repeating: "ab", count: 90)]] {
    #expect(fileName(of: texts) == earlierFileName(of: texts))
  }
  #expect(
    fileName(of: ["small", "seed=2", "conditions.links.loss=0,0.1"]) == "small+seed=2+conditions.links.loss=0,0.1")
}

@Test func differentNamesGiveDifferentFiles() {
  let names = [
    "实验一", "实验二", "a/b", "a b", "a-b", "a--b", "a+b", "a\\b", "a:b", "a\u{200B}b", "ab", "a\u{3164}b", ".a", "-a", "a",
    ".", "..", "...", "-", "--", "---", " ", "  ", "\u{202E}a", "🙂", "🙃", "a\tb", "a*b", "a?b", "A", "é", "e", "../a",
    "/a",
  ]
  #expect(Set(names.map { fileName(of: [$0]) }).count == names.count)
  #expect(fileName(of: ["a", "b"]) != fileName(of: ["a+b"]))
}

@Test func whatLooksTheSameIsOneFile() {
  #expect(fileName(of: ["caf\u{E9}"]) == fileName(of: ["cafe\u{301}"]))
}

@Test func whatIsReplacedIsFollowedByADigest() throws {
  let name = fileName(of: ["a/b: 1 min"])
  #expect(name.hasPrefix("a-b--1-min-") && name.count == "a-b--1-min-".count + 8)
  let digits = name.suffix(8).allSatisfy { $0.isHexDigit }
  #expect(digits)
}

/// Random names of letters that are near each other, or that mean something to a shell or a file system.
@Test func namesAreSafeAndShortAndCollideNowhere() {
  var generator = Lehmer(state: 5)
  let letters = Array("ab-. /+=~%\\*?\"'$`|<>&;:\u{0}\u{7}\u{1B}\u{202E}\u{FEFF}é实🙂\u{301}")
  var owners: [String: String] = [:]
  for _ in 0..<20_000 {
    let length = Int.random(in: 1...(Bool.random(using: &generator) ? 4 : 200), using: &generator)
    let name = String((0..<length).map { _ in letters.randomElement(using: &generator) ?? "a" })
    let file = fileName(of: [name])
    // Swift compares texts as they look.
    if let owner = owners.updateValue(name, forKey: file) { #expect(owner == name) }
    #expect(!file.isEmpty && file.utf8.count <= 120 && file.first != ".")
    let isPlain = file.unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || scalar.properties.generalCategory == .nonspacingMark
        || "0123456789._-=,+".unicodeScalars.contains(scalar)
    }
    #expect(isPlain, "\(file)")
  }
}

@Test(arguments: [
  ("r", ""), ("é", ""), (".", ""), ("ab", ""), ("", ""), ("/", ""), ("/r", "/"), ("//r", "/"), ("r/a", "r"),
  ("r//a", "r"), ("r/a/", "r"), ("./a", "."), ("../a", ".."), ("a/b/c.sqlite", "a/b"), ("/a/b", "/a"), ("é/ü", "é"),
])
func foldersOfPaths(path: String, expected: String) {
  #expect(folder(of: path) == expected)
}

/// A generator with a fixed seed.
private struct Lehmer: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    var mixed = state
    mixed = (mixed ^ mixed >> 33) &* 0xFF51_AFD7_ED55_8CCD
    return mixed ^ mixed >> 33
  }
}
