// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Foundation
import Testing

private func withFolder(_ body: (String) throws -> Void) throws {
  let folder = NSTemporaryDirectory() + "starling-files-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}

@Test func aFileIsReadWholeUpToItsBound() throws {
  try withFolder { folder in
    let path = folder + "/a"
    let content = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
    try Data(content).write(to: URL(fileURLWithPath: path))
    #expect(try InputFile(path).bytes(atMost: 200_000) == content)
    #expect(throws: InputFile.Trouble.tooLarge) { try InputFile(path).bytes(atMost: 199_999) }
    symlink(path, folder + "/link")
    #expect(try InputFile(folder + "/link").bytes(atMost: 200_000) == content)
  }
}

@Test func whatIsNoFileIsRefusedAtOnce() throws {
  try withFolder { folder in
    #expect(throws: InputFile.Trouble.missing) { try InputFile(folder + "/none").bytes(atMost: 9) }
    #expect(throws: InputFile.Trouble.isFolder) { try InputFile(folder).bytes(atMost: 9) }
    mkfifo(folder + "/pipe", 0o600)
    for path in [folder + "/pipe", "/dev/zero", "/dev/null"] {
      #expect(throws: InputFile.Trouble.notRegular) { try InputFile(path).bytes(atMost: 9, allowsStreams: true) }
    }
  }
}

@Test func aStreamThatIsOpenAlreadyIsReadWithinItsBound() throws {
  let pipe = Pipe()
  let path = "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"
  try pipe.fileHandleForWriting.write(contentsOf: Data("name: a\n".utf8))
  // The writer is still there, and what it has written is too much.
  #expect(throws: InputFile.Trouble.tooLarge) { try InputFile(path).bytes(atMost: 7, allowsStreams: true) }
  #expect(throws: InputFile.Trouble.notRegular) { try InputFile(path).bytes(atMost: 7) }
  try pipe.fileHandleForWriting.write(contentsOf: Data("b".utf8))
  try pipe.fileHandleForWriting.close()
  #expect(try InputFile(path).bytes(atMost: 7, allowsStreams: true) == Array("b".utf8))
}
