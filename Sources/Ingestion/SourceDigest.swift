import CaseStore

/// The digests of a source, which the reader's observer fills and its owner asks for.
final class SourceDigest {
  private(set) var content: ContentDigest

  /// - Parameter forInventories: See `ContentDigest`.
  init(forInventories: Bool) { content = ContentDigest(forInventories: forInventories) }

  /// Adds octets as they are read.
  func add(_ octets: RawSpan) { content.add(octets) }
}
