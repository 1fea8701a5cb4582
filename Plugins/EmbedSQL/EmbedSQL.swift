import PackagePlugin

/// Puts the `.sql` files of a target into the program, as one generated Swift file.
///
/// The files are inputs of the build command, so editing, adding or deleting one rebuilds.
@main
struct EmbedSQL: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    guard let sources = target.sourceModule else { return [] }
    let inputs = sources.sourceFiles(withSuffix: "sql").map(\.url).sorted { $0.path < $1.path }
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedSQL.swift")
    return [
      .buildCommand(
        displayName: "Embedding \(inputs.count) SQL files of \(target.name)",
        executable: try context.tool(named: "EmbedSQLTool").url,
        arguments: [output.path, target.directoryURL.path] + inputs.map(\.path),
        inputFiles: inputs,
        outputFiles: [output])
    ]
  }
}
