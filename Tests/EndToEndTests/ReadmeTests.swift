import Foundation
import Testing

@Suite("The README shows what the program does")
struct ReadmeTests {
  /// The `$ wirecase …` commands of the README's console blocks, with the output below each.
  private func examples() throws -> [(command: String, output: String)] {
    let text = try String(contentsOf: Program.root.appending(path: "README.md"), encoding: .utf8)
    var examples: [(command: String, output: String)] = []
    for block in text.components(separatedBy: "```console\n").dropFirst() {
      guard let body = block.components(separatedBy: "\n```").first else { continue }
      for line in body.components(separatedBy: "\n") {
        if line.hasPrefix("$ ") {
          examples.append((String(line.dropFirst(2)), ""))
        } else if !examples.isEmpty {
          examples[examples.count - 1].output += line + "\n"
        }
      }
    }
    return examples.filter { $0.command.hasPrefix("wirecase ") }
  }

  @Test("Each example, run in its order, prints what the README says")
  func examplesAreTrue() throws {
    let folder = try Folder()
    try FileManager.default.createSymbolicLink(
      at: folder.url.appending(path: "Tests"),
      withDestinationURL: Program.root.appending(path: "Tests"))
    let examples = try examples()
    #expect(examples.count >= 5)
    for example in examples {
      let shell = Process()
      shell.executableURL = URL(filePath: "/bin/sh")
      let program = Program.path
      shell.arguments = [
        "-c", "wirecase() { '\(program)' \"$@\"; }; exec 2>&1; \(example.command)",
      ]
      shell.currentDirectoryURL = folder.url
      shell.environment = Program.environment(in: folder.url)
      let pipe = Pipe()
      shell.standardOutput = pipe
      try shell.run()
      let said = String(
        decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      shell.waitUntilExit()
      #expect(said == example.output, "\(example.command)")
    }
  }

  @Test("The schema reference names every view, and every column in its order")
  func schemaReference() throws {
    let folder = try Folder()
    _ = try Program.run(["ingest", "case.db", Program.sample("client-a.pcap")], in: folder.url)
    let text = try String(contentsOf: Program.root.appending(path: "SCHEMA.md"), encoding: .utf8)
    var documented: [String] = []
    var view = ""
    for line in text.split(separator: "\n") {
      if line.hasPrefix("## ") { view = String(line.dropFirst(3)) }
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      if line.hasPrefix("| `"), let column = cells.first {
        documented.append("\(view).\(column.trimmingCharacters(in: ["`"]))")
        #expect(cells.count >= 2 && !cells[1].isEmpty, "\(view) \(column) has a meaning")
      }
    }
    let views = try Program.run(
      ["sql", "case.db", "SELECT name FROM sqlite_schema WHERE type = 'view'"], in: folder.url)
    var actual: [String] = []
    for name in views.text.split(separator: "\n").dropFirst() {
      let header = try Program.run(
        ["sql", "case.db", "SELECT * FROM \(name) LIMIT 0"], in: folder.url
      ).text
      actual += header.trimmingCharacters(in: .newlines).split(separator: ",").map {
        "\(name).\($0)"
      }
    }
    #expect(!actual.isEmpty)
    #expect(documented.sorted() == actual.sorted())
    for name in Set(actual.map { $0.prefix { $0 != "." } }) {
      #expect(
        documented.filter { $0.hasPrefix(name + ".") } == actual.filter { $0.hasPrefix(name + ".") }
      )
    }
  }
}
