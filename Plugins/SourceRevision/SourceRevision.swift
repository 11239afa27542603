// SPDX-License-Identifier: GPL-3.0-or-later
import PackagePlugin

/// Writes the revision of the sources into a constant before every build, so that results can name it.
@main struct SourceRevision: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    let script = context.package.directoryURL.appending(path: "scripts/write-revision")
    return [
      .prebuildCommand(
        displayName: "Ask git for the revision of the sources", executable: .init(filePath: "/bin/sh"),
        arguments: [script.path(percentEncoded: false), context.pluginWorkDirectoryURL.path(percentEncoded: false)],
        outputFilesDirectory: context.pluginWorkDirectoryURL)
    ]
  }
}
