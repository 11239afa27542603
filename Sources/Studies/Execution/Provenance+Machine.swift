// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Foundation
import NeuralNets
import Numerics
import Results

extension Provenance {
  /// A program on this machine.
  ///
  /// - Parameters:
  ///   - command: as it was called.
  ///   - revision: of its sources.
  ///   - jobs: runs at the same time.
  package static func onThisMachine(command: String, version: String, revision: String, jobs: Int) -> Provenance {
    _ = numericsPrepared
    let processor = processorFacts()
    return Provenance(
      command: command, version: version, revision: revision, streams: "philox4x32-10/1",
      libraries: [
        "gsl": String(cString: gsl_version), "openblas": openBLASVersion, "sqlite": ResultsStore.databaseVersion,
      ],
      blasCore: String(cString: openblas_get_corename()), loops: loopsOfNetworks, processor: processor.model,
      processorFlags: processor.flags, operatingSystem: ProcessInfo.processInfo.operatingSystemVersionString,
      host: hostName, process: Int(ProcessInfo.processInfo.processIdentifier), jobs: jobs)
  }

  private static var openBLASVersion: String {
    let words = String(cString: openblas_get_config()).split(separator: " ")
    return words.count > 1 ? String(words[1]) : "unknown"
  }

  private static var hostName: String {
    var facts = utsname()
    uname(&facts)
    return withUnsafeBytes(of: facts.nodename) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  /// The model and the vector extensions; mathematical functions and BLAS kernels are chosen by them.
  private static func processorFacts() -> (model: String, flags: [String]) {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    func value(_ key: String) -> String? {
      text.split(separator: "\n").first { $0.hasPrefix(key) }?.split(separator: ":", maxSplits: 1).last
        .map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let families = ["sse", "ssse", "avx", "fma", "amx", "asimd", "sve"]
    let flags = (value("flags") ?? value("Features") ?? "").split(separator: " ").map(String.init)
    return (
      value("model name") ?? "unknown",
      flags.filter { flag in families.contains { flag.hasPrefix($0) } }.sorted()
    )
  }
}
