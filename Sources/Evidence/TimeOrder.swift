import Foundation

/// Puts records in the order of time with bounded memory: an external merge sort.
///
/// Records are collected in memory; whenever they fill it they are sorted and written to a scratch
/// file as a run, and at the end the runs are merged. The scratch file has no name once it is open,
/// so that nothing is left of it however the program ends. Records of one time stand in the order of
/// their tie-breaker.
///
/// A record in the file: time 0..<8, tie-breaker 8..<16, octets' number 16..<20, octets; least
/// significant octet first.
final class TimeOrder {
  private struct Entry {
    var time: Int64
    var tie: Int64
    var octets: Range<Int>
  }

  /// A part of the scratch file that is in order.
  private struct Run {
    /// Where it goes on, and where it ends.
    var next: UInt64
    var end: UInt64
    var window: [UInt8] = []
    var place = 0
    var time: Int64 = 0
    var tie: Int64 = 0
    var record: [UInt8] = []
  }

  private static let head = 20
  private let folder: String
  private let capacity: Int
  private var collected: [UInt8] = []
  private var entries: [Entry] = []
  private var scratch: FileHandle?
  private var runs: [Run] = []
  private var written: UInt64 = 0
  private(set) var count: Int64 = 0

  /// - Parameters:
  ///   - folder: Where the scratch file is made, should it be needed.
  ///   - capacity: Octets of records that are kept in memory.
  init(folder: String, capacity: Int = 32 << 20) {
    (self.folder, self.capacity) = (folder, capacity)
  }

  /// Adds a record.
  ///
  /// - Throws: `EvidenceError.notWritable`.
  func add(time: Int64, tie: Int64, _ octets: [UInt8]) throws {
    if collected.count + octets.count + entries.count * MemoryLayout<Entry>.stride > capacity {
      try spill()
    }
    let start = collected.count
    collected += octets
    entries.append(Entry(time: time, tie: tie, octets: start..<collected.count))
    count += 1
  }

  /// Hands over the records in their order, and forgets them.
  ///
  /// - Parameter body: Receives the tie-breaker and the octets.
  /// - Throws: `EvidenceError.notWritable`, and what `body` throws.
  func drain(_ body: (Int64, [UInt8]) throws -> Void) throws {
    if runs.isEmpty {
      sort()
      for entry in entries { try body(entry.tie, Array(collected[entry.octets])) }
    } else {
      try spill()
      try merge(body)
    }
    (collected, entries, runs, count) = ([], [], [], 0)
    try? scratch?.close()
    scratch = nil
  }

  private func sort() { entries.sort { ($0.time, $0.tie) < ($1.time, $1.tie) } }

  private func spill() throws {
    guard !entries.isEmpty else { return }
    sort()
    let file = try scratch ?? openScratch()
    let start = written
    try working {
      var buffer: [UInt8] = []
      for entry in entries {
        buffer.add(UInt64(bitPattern: entry.time))
        buffer.add(UInt64(bitPattern: entry.tie))
        buffer.add(UInt32(entry.octets.count))
        buffer += collected[entry.octets]
        if buffer.count > 1 << 20 {
          try file.write(contentsOf: Data(buffer))
          written += UInt64(buffer.count)
          buffer.removeAll(keepingCapacity: true)
        }
      }
      try file.write(contentsOf: Data(buffer))
      written += UInt64(buffer.count)
    }
    runs.append(Run(next: start, end: written))
    collected.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
  }

  private func openScratch() throws -> FileHandle {
    let path = folder + "/.wirecase-\(UUID().uuidString).scratch"
    return try working {
      try Data().write(to: URL(filePath: path), options: .withoutOverwriting)
      let file = try FileHandle(forUpdating: URL(filePath: path))
      try FileManager.default.removeItem(atPath: path)
      scratch = file
      return file
    }
  }

  private func merge(_ body: (Int64, [UInt8]) throws -> Void) throws {
    guard let scratch else { return }
    var open: [Run] = []
    for var run in runs where try advance(&run, scratch) { open.append(run) }
    while !open.isEmpty {
      var first = 0
      for index in open.indices.dropFirst()
      where (open[index].time, open[index].tie) < (open[first].time, open[first].tie) {
        first = index
      }
      try body(open[first].tie, open[first].record)
      if try !advance(&open[first], scratch) { open.remove(at: first) }
    }
  }

  /// Goes to a run's next record; `false` at its end.
  private func advance(_ run: inout Run, _ file: FileHandle) throws -> Bool {
    guard try fill(&run, Self.head, file) else { return false }
    run.time = Int64(bitPattern: run.window.number(at: run.place, octets: 8))
    run.tie = Int64(bitPattern: run.window.number(at: run.place + 8, octets: 8))
    let count = Int(run.window.number(at: run.place + 16, octets: 4))
    run.place += Self.head
    guard try fill(&run, count, file) else { return false }
    run.record = Array(run.window[run.place..<run.place + count])
    run.place += count
    return true
  }

  /// Makes a run's window hold `count` octets; `false` when the run ends before.
  private func fill(_ run: inout Run, _ count: Int, _ file: FileHandle) throws -> Bool {
    while run.window.count - run.place < count {
      guard run.next < run.end else { return false }
      run.window.removeFirst(run.place)
      run.place = 0
      let wanted = min(Int(clamping: run.end - run.next), max(count, 64 << 10))
      let read = try working { () -> Data in
        try file.seek(toOffset: run.next)
        return try file.read(upToCount: wanted) ?? Data()
      }
      guard !read.isEmpty else { return false }
      run.window += read
      run.next += UInt64(read.count)
    }
    return true
  }

  private func working<Result>(_ work: () throws -> Result) throws -> Result {
    do { return try work() } catch {
      throw EvidenceError.notWritable(path: folder, reason: NewFile.reason(error))
    }
  }
}

extension [UInt8] {
  /// Adds a number, least significant octet first.
  mutating func add<Number: FixedWidthInteger & UnsignedInteger>(_ number: Number) {
    for shift in stride(from: 0, to: Number.bitWidth, by: 8) {
      append(UInt8(truncatingIfNeeded: number >> Number(shift)))
    }
  }

  /// The number in `octets` octets from `place`, which are there, least significant first.
  func number(at place: Int, octets: Int) -> UInt64 {
    (0..<octets).reduce(0) { $0 | UInt64(self[place + $1]) << UInt64(8 * $1) }
  }
}
