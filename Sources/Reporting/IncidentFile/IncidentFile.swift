import Foundation
import PacketDecoding
import Yams

/// What a user says of an incident in a file: YAML, as the README shows.
public struct IncidentFile: Sendable {
  public var title: String?
  public var organisation: String?
  public var analyst: String?
  /// When users complained, as written: a time as `--reported-at` takes it.
  public var reportedAt: String?
  public var complaint: String?
  /// What the addresses of the case are called.
  public var hosts = KnownHosts()

  /// Octets of the longest file that is read.
  private static let longestFile = 1 << 20

  /// The file at `path`.
  ///
  /// - Parameter isTime: Whether a text is a time.
  /// - Throws: `IncidentFileError`.
  public init(path: String, isTime: (String) -> Bool) throws {
    let attributes = try? FileManager.default.attributesOfItem(
      atPath: URL(filePath: path).resolvingSymlinksInPath().path)
    guard let size = attributes?[.size] as? Int,
      attributes?[.type] as? FileAttributeType == .typeRegular
    else { throw IncidentFileError(path, "no such file; check the path") }
    guard size <= Self.longestFile else {
      throw IncidentFileError(path, "longer than 1 MiB, and so no incident file; check the path")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw IncidentFileError(path, "cannot be read; check its permissions")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw IncidentFileError(path, "not UTF-8 text; save it as such")
    }
    try self.init(text, named: path, isTime: isTime)
  }

  /// The file that holds `text`.
  ///
  /// - Throws: `IncidentFileError`, with `name` in it.
  public init(_ text: String, named name: String, isTime: (String) -> Bool) throws {
    do {
      guard let root = try compose(yaml: text) else { return }
      try read(
        IncidentKeys(
          root,
          ["title", "organisation", "analyst", "reported_at", "complaint", "sites", "servers"],
          of: "an incident"), isTime: isTime)
    } catch let fault as IncidentFault {
      throw IncidentFileError(name, fault.reason, at: fault.mark)
    } catch let error as YamlError {
      throw IncidentFileError(name, error)
    }
  }

  private mutating func read(_ keys: IncidentKeys, isTime: (String) -> Bool) throws {
    title = try keys.text("title")
    organisation = try keys.text("organisation")
    analyst = try keys.text("analyst")
    complaint = try keys.text("complaint")
    reportedAt = try keys.text("reported_at")
    if let reportedAt, !isTime(reportedAt) {
      throw keys.fault(
        "reported_at", "is no time; write 2026-11-24T13:24:32Z, or for a log without dates 13:24:32"
      )
    }
    for site in try keys.mappings("sites", keys: ["name", "addresses"], of: "a site") {
      let name = try site.needed("name")
      for (text, mark) in try site.texts("addresses") {
        guard let prefix = NetworkPrefix(text: Array(text.utf8).span) else {
          throw IncidentFault(
            mark, "'\(text)' is no network; write 192.0.2.0/24, 2001:db8::/32 or one address")
        }
        hosts.sites.append(KnownHosts.Site(name: name, prefix: prefix))
      }
    }
    for server in try keys.mappings("servers", keys: ["address", "name", "role"], of: "a server") {
      let text = try server.needed("address")
      guard let address = NetworkAddress(text: Array(text.utf8).span) else {
        throw server.fault("address", "is no address; write 192.0.2.53 or 2001:db8::53")
      }
      guard !hosts.servers.contains(where: { $0.address == address }) else {
        throw server.fault("address", "is there already; remove one")
      }
      let known = KnownHosts.Server(
        address: address, text: text, name: try server.text("name"), role: try server.text("role"))
      if known.name == nil && known.role == nil {
        throw server.fault("address", "has neither a name nor a role; write one of them")
      }
      hosts.servers.append(known)
    }
  }
}

/// What is wrong with an incident file. One line.
public struct IncidentFileError: Error, Equatable, CustomStringConvertible {
  public var description: String

  init(_ path: String, _ reason: String, at mark: Mark? = nil) {
    let place = mark.map { "line \($0.line), column \($0.column): " } ?? ""
    description = "\(path): \(place)\(reason)"
  }

  init(_ path: String, _ error: YamlError) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      self.init(path, "no YAML: \(problem)", at: mark)
    case .duplicatedKeysInMapping(let duplicates, _):
      let names = listed(duplicates.map { "\($0)" }.sorted(), limit: 3)
      self.init(path, "a key is there twice: \(names)")
    default: self.init(path, "no YAML that can be read; check it")
    }
  }
}
