import Crypto
import Foundation

/// The digests of octets as they pass by.
public struct ContentDigest {
  private var sha256 = SHA256()
  private var sha1: Insecure.SHA1?
  private var md5: Insecure.MD5?

  /// - Parameter forInventories: Whether SHA-1 and MD5 are taken too: old inventories know no
  ///   other digest.
  public init(forInventories: Bool = false) {
    if forInventories { (sha1, md5) = (Insecure.SHA1(), Insecure.MD5()) }
  }

  public mutating func add(_ octets: RawSpan) {
    // Sound: the pointer is used within the closure alone, and hashing only reads.
    unsafe octets.withUnsafeBytes { buffer in
      unsafe sha256.update(bufferPointer: buffer)
      unsafe sha1?.update(bufferPointer: buffer)
      unsafe md5?.update(bufferPointer: buffer)
    }
  }

  public mutating func add(_ octets: [UInt8]) {
    // Sound: likewise.
    unsafe octets.withUnsafeBytes { buffer in
      unsafe sha256.update(bufferPointer: buffer)
      unsafe sha1?.update(bufferPointer: buffer)
      unsafe md5?.update(bufferPointer: buffer)
    }
  }

  /// SHA-256 of what was added, lower-case hexadecimal.
  public var hexadecimal: String { Self.hexadecimal(sha256.finalize()) }
  /// SHA-1, likewise; `nil` where it was not asked for.
  public var sha1Hexadecimal: String? { sha1.map { Self.hexadecimal($0.finalize()) } }
  /// MD5, likewise.
  public var md5Hexadecimal: String? { md5.map { Self.hexadecimal($0.finalize()) } }

  /// SHA-256 of a text's UTF-8, lower-case hexadecimal.
  static func sha256(of text: String) -> String {
    hexadecimal(SHA256.hash(data: Data(text.utf8)))
  }

  /// SHA-256 and size of a file's octets, read piece by piece; `nil` when it cannot be read.
  public static func ofFile(_ path: String) -> (sha256: String, size: Int64)? {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    var (digest, size) = (ContentDigest(), Int64(0))
    do {
      while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
        digest.add(piece.bytes)
        size += Int64(piece.count)
      }
    } catch {
      return nil
    }
    return (digest.hexadecimal, size)
  }

  private static func hexadecimal(_ octets: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for octet in octets {
      text.append(digits[Int(octet >> 4)])
      text.append(digits[Int(octet & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
