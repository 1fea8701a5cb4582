import Foundation

// EmbedSQLTool OUTPUT FOLDER FILE…: writes a Swift file that holds each SQL file's text under its
// path inside FOLDER. Three hash marks keep any text that SQL can hold from ending the literal.
let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count >= 2 else {
  FileHandle.standardError.write(Data("usage: EmbedSQLTool OUTPUT FOLDER FILE...\n".utf8))
  exit(2)
}
let folder = arguments[1].hasSuffix("/") ? arguments[1] : arguments[1] + "/"
var generated = "let embeddedSQL: [(path: String, text: String)] = [\n"
for path in arguments.dropFirst(2) {
  let text = try String(contentsOfFile: path, encoding: .utf8)
  let name = path.hasPrefix(folder) ? String(path.dropFirst(folder.count)) : path
  generated += "(\n###\"\(name)\"###,\n###\"\"\"\n\(text)\n\"\"\"###\n),\n"
}
generated += "]\n"
try generated.write(toFile: arguments[0], atomically: true, encoding: .utf8)
