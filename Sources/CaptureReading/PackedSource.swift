/// A source whose octets are kept in packed blocks, read like a file: of a plain capture only the
/// blocks that are asked for are unpacked. Memory holds one of them. For one thread.
public final class PackedSource {
  /// As messages call it.
  public let name: String
  /// Octets of the whole source, unpacked.
  let octets: Int64
  private let frame: (Int64) throws -> [UInt8]?
  /// The block that was unpacked last.
  private var current: (number: Int64, octets: [UInt8])?
  private var position: Int64 = 0

  /// - Parameters:
  ///   - size: Octets of the whole source, unpacked.
  ///   - frame: The packed block of a number, from 0; `nil` when there is none.
  public init(name: String, size: Int64, frame: @escaping (Int64) throws -> [UInt8]?) {
    (self.name, octets, self.frame) = (name, size, frame)
  }

  /// The octets of block `number`, from 0.
  ///
  /// - Throws: `SourceBlockFault`.
  public func block(_ number: Int64) throws(SourceBlockFault) -> [UInt8] {
    let packed: [UInt8]?
    do { packed = try frame(number) } catch {
      throw SourceBlockFault(number: number, reason: "cannot be read: \(error)")
    }
    guard let packed else { throw SourceBlockFault(number: number, reason: "is not there") }
    let length = SourceBlock.length(of: number, in: octets)
    guard length > 0, let unpacked = BlockCompression.octets(of: packed, length: length) else {
      throw SourceBlockFault(number: number, reason: "is not what was written")
    }
    return unpacked
  }
}

extension PackedSource: OctetOrigin {
  var size: Int64? { octets }

  func read(into buffer: OctetBuffer) -> SourceFile.Outcome {
    guard position < octets else { return .end }
    let number = position / Int64(SourceBlock.size)
    if current?.number != number {
      // What was held goes before the next is unpacked.
      current = nil
      do throws(SourceBlockFault) { current = (number, try block(number)) } catch {
        return .failed(reason: error.description)
      }
    }
    guard let block = current?.octets else { return .end }
    // Within one block, whatever the position is.
    let start = Int(position % Int64(SourceBlock.size))
    let taken = buffer.append(block, from: start)
    position += Int64(taken)
    return .octets(taken)
  }

  func seek(to offset: Int64) -> Bool {
    guard offset >= 0 else { return false }
    position = offset
    return true
  }
}
