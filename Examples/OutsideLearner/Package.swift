// swift-tools-version: 6.1
// SPDX-License-Identifier: GPL-3.0-or-later
import PackageDescription

let package = Package(
  name: "OutsideLearner",
  // A package of your own names a version of Starling by its address; here it lies two folders up.
  dependencies: [.package(name: "Starling", path: "../..")],
  targets: [
    .executableTarget(name: "outside", dependencies: [.product(name: "StarlingKit", package: "Starling")])
  ],
  swiftLanguageModes: [.v6]
)
