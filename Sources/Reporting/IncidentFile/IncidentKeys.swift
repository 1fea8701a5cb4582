import Investigations
import Yams

/// Something wrong in an incident file, and where.
struct IncidentFault: Error {
  var mark: Mark?
  var reason: String

  init(_ mark: Mark?, _ reason: String) {
    (self.mark, self.reason) = (mark, reason)
  }
}

/// The keys that a mapping may have, and what their values must be.
struct IncidentKeys {
  private let mapping: Node.Mapping
  private let owner: String
  private let mark: Mark?

  /// Characters of a text: more is no name.
  private static let longestText = 4000

  /// - Throws: `IncidentFault` for what is no mapping, and for a key that there is not.
  init(_ node: Node, _ known: [String], of owner: String) throws {
    guard case .mapping(let mapping) = node else {
      throw IncidentFault(node.mark, "no keys; \(owner) has \(listed(known, limit: known.count))")
    }
    (self.mapping, self.owner, mark) = (mapping, owner, node.mark)
    for (key, _) in mapping {
      let name = key.scalar?.string ?? ""
      guard !known.contains(name) else { continue }
      throw IncidentFault(
        key.mark,
        "unknown key '\(name)'"
          + NearestName.suggestion(NearestName.of(name, among: known))
          + " The keys of \(owner) are \(listed(known, limit: known.count))")
    }
  }

  func text(_ key: String) throws -> String? {
    guard let value = mapping[key] else { return nil }
    guard case .scalar(let scalar) = value else {
      throw fault(key, "is no text; write it behind the key")
    }
    guard scalar.string.contains(where: { !$0.isWhitespace }), value.null == nil else {
      throw fault(key, "is empty; write something, or remove the line")
    }
    guard scalar.string.count <= Self.longestText else {
      throw fault(key, "is longer than \(Self.longestText) characters; shorten it")
    }
    return scalar.string.trimmingCharacters(in: .newlines)
  }

  func needed(_ key: String) throws -> String {
    guard let text = try text(key) else {
      throw IncidentFault(mark, "\(owner) without '\(key)'; add it")
    }
    return text
  }

  /// A text, or several in a list, each with where it stands.
  func texts(_ key: String) throws -> [(text: String, mark: Mark?)] {
    guard let value = mapping[key] else {
      throw IncidentFault(mark, "\(owner) without '\(key)'; add it")
    }
    return try (value.sequence.map(Array.init) ?? [value]).map { value in
      guard case .scalar(let scalar) = value else {
        throw IncidentFault(value.mark, "no text in '\(key)'; write texts, each behind '- '")
      }
      return (scalar.string, value.mark)
    }
  }

  /// The mappings of a list.
  func mappings(_ key: String, keys: [String], of owner: String) throws -> [IncidentKeys] {
    guard let value = mapping[key] else { return [] }
    guard case .sequence(let list) = value else {
      throw fault(key, "is no list; begin each of its items with '- '")
    }
    return try list.map { try IncidentKeys($0, keys, of: owner) }
  }

  /// A fault of a key's value.
  func fault(_ key: String, _ reason: String) -> IncidentFault {
    IncidentFault(mapping[key]?.mark ?? mark, "'\(key)' \(reason)")
  }
}
