import Crypto
import CryptoExtras

// The one place of decoding that leans on a library: swift-crypto, whose `Crypto` has HKDF and AES-GCM. The mask
// of header protection is one block of bare AES; `Crypto` offers none, `CryptoExtras` does (`AES.permute`).

/// What the Initial packets of one end are protected with: RFC 9001, 5.2. Everyone who saw the client's first
/// packet can derive it.
struct QUICInitialKeys: Sendable {
  private let key: SymmetricKey
  private let iv: [UInt8]
  private let headerProtection: SymmetricKey

  /// - Parameter destinationID: That of the client's first Initial, or of its first after a Retry.
  /// - Returns: `nil` for versions whose salt is not known.
  init?(_ version: QUICVersion, destinationID: [UInt8], isClient: Bool) {
    guard let salt = version.initialSalt else { return nil }
    let initial = SymmetricKey(
      data: HKDF<SHA256>.extract(inputKeyMaterial: SymmetricKey(data: destinationID), salt: salt))
    let secret = Self.expand(initial, isClient ? "client in" : "server in", 32)
    key = Self.expand(secret, version.labelPrefix + "key", 16)
    let iv = Self.expand(secret, version.labelPrefix + "iv", 12)
    // Sound: the octets are copied while they are lent.
    self.iv = unsafe iv.withUnsafeBytes { unsafe Array($0) }
    headerProtection = Self.expand(secret, version.labelPrefix + "hp", 16)
  }

  /// HKDF-Expand-Label without a context: RFC 8446, 7.1.
  private static func expand(
    _ secret: SymmetricKey, _ label: String, _ length: UInt8
  ) -> SymmetricKey {
    let label = Array("tls13 ".utf8) + Array(label.utf8)
    let info = [0, length, UInt8(clamping: label.count)] + label + [0]
    return HKDF<SHA256>.expand(
      pseudoRandomKey: secret, info: info, outputByteCount: Int(length))
  }

  /// Takes the protection off a packet: RFC 9001, 5.4 and 5.3.
  ///
  /// - Parameter packet: The whole packet, from the first octet of its header.
  /// - Parameter numberOffset: Octets before its packet number.
  /// - Parameter largest: The largest packet number of that end so far.
  /// - Returns: `nil` where it was not protected with these keys.
  func open(_ packet: [UInt8], numberOffset: Int, largest: UInt64?) -> QUICOpenedPacket? {
    let tag = packet.count - QUICLongHeader.tagLength
    guard numberOffset > 0, numberOffset + 4 <= tag else { return nil }
    var mask = Array(packet[numberOffset + 4..<numberOffset + 20])
    guard (try? AES.permute(&mask, key: headerProtection)) != nil else { return nil }
    var header = Array(packet[..<(numberOffset + 4)])
    header[0] ^= mask[0] & 0x0f
    let length = Int(header[0] & 3) + 1
    var truncated: UInt64 = 0
    for index in 0..<length {
      header[numberOffset + index] ^= mask[1 + index]
      truncated = truncated << 8 | UInt64(header[numberOffset + index])
    }
    let number = Self.number(truncated, bits: UInt64(8 * length), after: largest)
    var nonce = iv
    for index in 0..<8 {
      nonce[4 + index] ^= UInt8(truncatingIfNeeded: number >> UInt64(8 * (7 - index)))
    }
    let start = numberOffset + length
    guard
      let box = try? AES.GCM.SealedBox(
        nonce: AES.GCM.Nonce(data: nonce), ciphertext: packet[start..<tag], tag: packet[tag...]),
      let frames = try? AES.GCM.open(box, using: key, authenticating: header[..<start])
    else { return nil }
    return QUICOpenedPacket(number: number, frames: [UInt8](frames), framesOffset: start)
  }

  /// The packet number of which the low `bits` are `truncated`: RFC 9000, A.3.
  private static func number(_ truncated: UInt64, bits: UInt64, after largest: UInt64?) -> UInt64 {
    guard let largest, largest < 1 << 61 else { return truncated }
    let (expected, window) = (largest + 1, UInt64(1) << bits)
    let candidate = expected & ~(window - 1) | truncated
    if candidate + window / 2 <= expected { return candidate + window }
    if candidate > expected + window / 2, candidate >= window { return candidate - window }
    return candidate
  }
}

/// An Initial packet without its protection.
struct QUICOpenedPacket {
  var number: UInt64
  var frames: [UInt8]
  /// Octets of the packet before them.
  var framesOffset: Int
}
