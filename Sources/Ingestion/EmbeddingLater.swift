import CaptureReading
import CaseStore

/// Keeping the octets of a source whose packets are in the case already.
extension Ingestion {
  /// Adds the octets of the source to the capture `name`, which is of the same bytes, where that was
  /// asked for and the case does not hold them.
  ///
  /// They are read once more: only reading them to the end had told that they are those of the
  /// capture, and what is kept is what is digested now.
  ///
  /// - Returns: Whether they were added.
  /// - Throws: `CaseError`, and `ReadingError` when the source has changed meanwhile.
  func embedIfAsked(
    _ location: CaptureLocation, as name: String, _ progress: (Int64, Int64?) -> Void
  ) throws -> Bool {
    guard options.embedsSource, try !writer.isEmbedded(name) else { return false }
    let (digest, embedding) = (SourceDigest(forInventories: false), SourceEmbedding())
    let reader = try CaptureReader(location: location, format: options.format) {
      digest.add($0)
      embedding.add($0)
    }
    let size = reader.sourceSize
    let facts = CaptureFacts(
      name: name, path: nil, format: reader.format.rawValue, sha256: "", size: 0)
    let work = Handover(
      Work(reader: reader, digest: digest, embedding: embedding, facts: facts))
    let isSame = try writer.embed(name) { write in
      try Self.store(isPipe: size == nil) { _ in
      } embed: { block in
        try write(block)
        progress(block.number * Int64(SourceBlock.size), size)
      } _: { queue in
        work.use { work in Self.drain(work, into: queue) }
      }.sha256
    }
    guard isSame else {
      throw ReadingError.notKept(
        name: location.name, reason: "it changes while it is read; ingest a copy of it")
    }
    return true
  }

  /// Reads a source for the sake of its octets alone.
  private static func drain(_ work: Work, into queue: BatchQueue) -> CapturePass.End {
    work.embedding?.begin(into: queue)
    work.reader.drain()
    var end = CapturePass.End(facts: work.facts)
    end.facts.sha256 = work.digest.content.hexadecimal
    if let reason = work.embedding?.finish() {
      end.error = .notKept(name: work.reader.location.name, reason: reason)
    }
    return end
  }
}
