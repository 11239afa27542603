// swift-tools-version: 6.1
// SPDX-License-Identifier: GPL-3.0-or-later
import PackageDescription

// MARK: - Rooms
// Each target imports only rooms below it; ARCHITECTURE.md has the picture.

/// A room of the house and the rooms it stands on.
func room(_ name: String, on rooms: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: rooms)
}

/// The tests of a room.
func tests(_ name: String, of rooms: [Target.Dependency], resources: [Resource]? = nil) -> Target {
  .testTarget(name: name, dependencies: rooms, resources: resources)
}

let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let rooms: [Target] = [
  .systemLibrary(
    name: "CNumerics", pkgConfig: "openblas", providers: [.apt(["libgsl-dev", "libopenblas-dev"])]),
  .systemLibrary(name: "CMemory"),
  .target(name: "CKernels"),
  .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
  room("Quantities", on: ["CMemory"]),
  room("Numerics", on: ["CNumerics"]),
  room("Files"),
  room("Schema", on: ["Files", "Quantities"]),
  room("Randomness", on: ["Schema", "Quantities", "Numerics", "CNumerics", "CKernels"]),
  room("Records", on: ["Schema", "Quantities"]),
  room("Workers"),
  room("EventEngine", on: ["Quantities"]),
  room("Statistics", on: ["Numerics", "CNumerics", "Randomness"]),
  room("NeuralNets", on: ["Randomness", "Quantities", "Numerics", "CNumerics", "CKernels"]),
  room("Networks", on: ["Schema", "Quantities", "Randomness", "Numerics", "CNumerics"]),
  room("Theory", on: ["Networks", "Quantities", "Numerics", "CNumerics"]),
  room("Conditions", on: ["Files", "Networks", "Randomness", "Schema", "Quantities"]),
  room("Environments", on: ["Schema", "Randomness", "Quantities", "Numerics", "CNumerics"]),
  room(
    "Learners",
    on: [
      "NeuralNets", "Environments", "Conditions", "Theory", "Randomness", "Records", "Schema", "Workers", "Quantities",
      "Numerics",
    ]),
  room(
    "Simulation",
    on: [
      "Learners", "Conditions", "Networks", "EventEngine", "Statistics", "Randomness", "Records", "Schema", "Workers",
      "Quantities",
    ]),
  room(
    "Scenarios",
    on: [
      "Files", "Simulation", "Learners", "NeuralNets", "Environments", "Conditions", "Networks", "Randomness",
      "Records", "Schema", "Workers", "Quantities", yams,
    ]),
  room("Results", on: ["Files", "Records", "Quantities", "CSQLite"]),
  room("Summaries", on: ["Files", "Records", "Results", "Statistics", "Quantities"]),
  room(
    "Verification",
    on: [
      "Files", "Simulation", "Learners", "NeuralNets", "Environments", "Conditions", "Theory", "Networks", "Randomness",
      "Records", "Schema", "Workers", "Quantities", "Numerics",
    ]),
  room(
    "Studies",
    on: [
      "Files", "Scenarios", "Simulation", "Learners", "NeuralNets", "Environments", "Conditions", "Theory", "Networks",
      "Results", "Summaries", "Statistics", "Randomness", "Records", "Workers", "Quantities", "Numerics", "CNumerics",
      "EventEngine",
    ]),
  room("Reports", on: ["Studies", "Summaries", "Results", "Records", "Quantities"]),
]

// MARK: - Programs

let programs: [Target] = [
  .executableTarget(name: "starling", dependencies: ["Commands"]),
  .target(
    name: "Commands",
    dependencies: [
      "Reports", "Studies", "Verification", "Summaries", "Scenarios", "Results", "Schema", "Files", "Statistics",
      "EventEngine",
      "Records", "Workers", "Quantities", "Numerics", argumentParser,
    ], plugins: ["SourceRevision"]),
  .target(
    name: "StarlingKit",
    dependencies: [
      "Commands", "Studies", "Summaries", "Scenarios", "Results", "Learners", "Environments", "Randomness", "Records",
      "Schema", "Quantities",
    ]),
  // What the package in that folder builds by itself, for tests to drive.
  .executableTarget(
    name: "ExampleOutsideLearner", dependencies: ["StarlingKit"], path: "Examples/OutsideLearner/Sources/outside"),
  .plugin(name: "SourceRevision", capability: .buildTool()),
  .target(name: "BenchmarkMeasuring", path: "Benchmarks/Measuring"),
  .executableTarget(
    name: "HoldModelBenchmark", dependencies: ["BenchmarkMeasuring", "EventEngine", "Quantities"],
    path: "Benchmarks/HoldModel", exclude: ["Peer"]),
  .executableTarget(
    name: "GossipWorkloadBenchmark", dependencies: ["BenchmarkMeasuring", "Scenarios", "Simulation", "Records"],
    path: "Benchmarks/GossipWorkload"),
  .target(
    name: "Calibration", dependencies: ["Summaries", "Results", "Records", "Statistics", "Randomness", "Workers"],
    path: "Benchmarks/Calibration/Studies"),
  .executableTarget(name: "Calibrate", dependencies: ["Calibration"], path: "Benchmarks/Calibration/Program"),
  .executableTarget(
    name: "LearningStepBenchmark",
    dependencies: ["BenchmarkMeasuring", "Environments", "Learners", "NeuralNets", "Quantities", "Randomness"],
    path: "Benchmarks/LearningStep"),
  .executableTarget(
    name: "ParticleWorldBenchmark", dependencies: ["BenchmarkMeasuring", "Environments", "Randomness"],
    path: "Benchmarks/ParticleWorld"),
]

// MARK: - Tests

let testRooms: [Target] = [
  .target(name: "DamagedScenarios", path: "Tests/DamagedScenarios"),
  .target(name: "ReferenceFiles", path: "Tests/ReferenceFiles"),
  .target(name: "MadeUp", dependencies: ["Results", "Records"], path: "Tests/MadeUp"),
  .target(name: "RandomScenarios", path: "Tests/RandomScenarios"),
  .executableTarget(
    name: "WriteRandomScenarios", dependencies: ["RandomScenarios"], path: "Tests/WriteRandomScenarios"),
  tests("ReferenceTests", of: ["Verification", "Statistics"], resources: [.copy("Resources")]),
  tests(
    "SimulationTests",
    of: [
      "Simulation", "Learners", "Environments", "Conditions", "Networks", "Theory", "Randomness", "Records",
      "EventEngine", "Schema", "Quantities", "ReferenceFiles", "Workers",
    ]),
  tests("NumericsTests", of: ["Numerics"]),
  tests("QuantitiesTests", of: ["Quantities"]),
  tests("RecordsTests", of: ["Records"]),
  tests("SchemaTests", of: ["Schema", "Quantities"]),
  tests("WorkersTests", of: ["Workers"]),
  tests(
    "PropertyTests",
    of: [
      "RandomScenarios", "Studies", "Scenarios", "Simulation", "Learners", "Records", "Randomness", "Quantities",
      "Workers",
    ]),
  tests("RandomnessTests", of: ["Randomness", "Quantities", "CKernels"]),
  tests(
    "LawTests", of: ["DamagedScenarios", "Scenarios", "Simulation", "Learners", "Conditions", "Randomness", "Schema"]),
  tests("EnvironmentsTests", of: ["Environments", "Randomness", "Quantities"], resources: [.copy("Resources")]),
  tests(
    "LearnersTests",
    of: [
      "Learners", "NeuralNets", "Environments", "Theory", "Randomness", "Records", "Schema", "Workers", "Quantities",
    ]),
  tests("ConditionsTests", of: ["Conditions", "Networks", "Randomness", "Schema", "Quantities"]),
  tests("ResultsTests", of: ["MadeUp", "Files", "Results", "Records"], resources: [.copy("Resources")]),
  tests("SummariesTests", of: ["MadeUp", "Summaries", "Results", "Records", "Randomness", "Quantities"]),
  tests(
    "EndToEndTests",
    of: [
      "starling", "ExampleOutsideLearner", "DamagedScenarios", "MadeUp", "ReferenceFiles", "Studies", "Learners",
      "Results", "Records", "Randomness",
    ],
    resources: [.copy("Resources")]),
  tests("EventEngineTests", of: ["EventEngine", "Randomness", "Quantities", "Statistics"]),
  tests("TheoryTests", of: ["ReferenceFiles", "Theory", "Networks", "Quantities"]),
  tests("CalibrationTests", of: ["Calibration"]),
  tests("StatisticsTests", of: ["Statistics", "Randomness"]),
  tests("NeuralNetsTests", of: ["NeuralNets", "Randomness", "Quantities", "CKernels"]),
  tests("NetworksTests", of: ["ReferenceFiles", "Networks", "Randomness", "Schema", "Quantities"]),
  tests(
    "StudiesTests",
    of: [
      "ReferenceFiles", "Studies", "Scenarios", "Simulation", "Conditions", "Learners", "Networks", "Results",
      "Summaries", "Records", "Randomness", "Workers", "Files", "Quantities",
    ]),
  tests(
    "ReportsTests",
    of: ["MadeUp", "Reports", "Studies", "Scenarios", "Simulation", "Summaries", "Results", "Records", "Quantities"]),
  tests("FilesTests", of: ["Files"]),
  tests("StarlingKitTests", of: ["StarlingKit"]),
  tests(
    "ScenariosTests",
    of: [
      "DamagedScenarios", "Scenarios", "Simulation", "Learners", "Conditions", "Networks", "Randomness", "Schema",
      "Quantities", yams,
    ],
    resources: [.copy("Resources/errors.txt"), .copy("Resources/file-errors.txt")]),
]

// MARK: - Some tests alone

/// The tests that `STARLING_TESTS` names, separated by commas; nothing means all. They need no other packages.
/// `scripts/check-sanitizers` builds some rooms twice more, and could not wait for all.
let chosenTests = Context.environment["STARLING_TESTS"].map { Set($0.split(separator: ",").map(String.init)) }

let targets: [Target] = {
  let all = rooms + programs + testRooms
  guard var needed = chosenTests else { return all }
  precondition(needed.isSubset(of: all.map(\.name)), "STARLING_TESTS names tests of this package.")
  while true {
    let found = all.filter { needed.contains($0.name) }
    let below = found.flatMap(\.dependencies).compactMap { dependency -> String? in
      if case .byNameItem(let name, _) = dependency { name } else { nil }
    }
    if needed.isSuperset(of: below) { return found }
    needed.formUnion(below)
  }
}()

let package = Package(
  name: "Starling",
  products: chosenTests == nil
    ? [.executable(name: "starling", targets: ["starling"]), .library(name: "StarlingKit", targets: ["StarlingKit"])]
    : [],
  dependencies: chosenTests != nil
    ? []
    : [
      .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
      .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
  targets: targets,
  swiftLanguageModes: [.v6]
)
