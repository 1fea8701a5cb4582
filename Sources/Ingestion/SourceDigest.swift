import Crypto

/// The SHA-256 of a source, taken as its octets pass: FIPS 180-4.
struct SourceDigest {
  private var function = SHA256()

  mutating func add(_ octets: RawSpan) {
    // Sound: the pointer is used within the closure alone, and hashing only reads.
    unsafe octets.withUnsafeBytes { buffer in
      unsafe function.update(bufferPointer: buffer)
    }
  }

  /// Lower-case hexadecimal of what was added.
  var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for octet in function.finalize() {
      text.append(digits[Int(octet >> 4)])
      text.append(digits[Int(octet & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
