import SwiftASN1

/// Distinguished names as text: RFC 4514.
struct X509Name {
  /// Descriptors of RFC 4514, 3, then those that openssl writes for what else is common in names.
  private static let descriptors: [[UInt8]: StaticString] = [
    [0x55, 4, 3]: "CN", [0x55, 4, 7]: "L", [0x55, 4, 8]: "ST", [0x55, 4, 10]: "O",
    [0x55, 4, 11]: "OU", [0x55, 4, 6]: "C", [0x55, 4, 9]: "street",
    [0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 25]: "DC",
    [0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 1]: "UID",
    [0x55, 4, 4]: "SN", [0x55, 4, 5]: "serialNumber", [0x55, 4, 12]: "title",
    [0x55, 4, 13]: "description", [0x55, 4, 15]: "businessCategory", [0x55, 4, 17]: "postalCode",
    [0x55, 4, 42]: "GN", [0x55, 4, 97]: "organizationIdentifier",
    [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1]: "emailAddress",
    [0x2b, 6, 1, 4, 1, 0x82, 0x37, 60, 2, 1, 1]: "jurisdictionL",
    [0x2b, 6, 1, 4, 1, 0x82, 0x37, 60, 2, 1, 2]: "jurisdictionST",
    [0x2b, 6, 1, 4, 1, 0x82, 0x37, 60, 2, 1, 3]: "jurisdictionC",
  ]
  /// Parts of a name, and of a part of several, that are written.
  private static let mostParts = 64

  /// The name, its last part first.
  func text(_ name: ASN1Node) -> [UInt8] {
    var text: [UInt8] = []
    for part in name.children(identifier: .sequence, atMost: Self.mostParts).reversed() {
      guard text.count <= RecordBatch.longestText else { break }
      if !text.isEmpty { text.append(UInt8(ascii: ",")) }
      for (index, pair) in part.children(identifier: .set, atMost: Self.mostParts).enumerated() {
        if index > 0 { text.append(UInt8(ascii: "+")) }
        append(pair, to: &text)
      }
    }
    return text
  }

  private func append(_ pair: ASN1Node, to text: inout [UInt8]) {
    let parts = pair.children(identifier: .sequence, atMost: 2)
    guard parts.count == 2, parts[0].identifier == .objectIdentifier, let type = parts[0].octets
    else { return }
    let descriptor = type.count < 16 ? Self.descriptors[Array(type)] : nil
    if let descriptor {
      text.append(contentsOf: descriptor.description.utf8)
    } else {
      text += X509Key.dotted(type)
    }
    text.append(UInt8(ascii: "="))
    guard descriptor != nil, let value = Self.string(parts[1]) else {
      // RFC 4514, 2.4: what has no string is its encoding.
      text.append(UInt8(ascii: "#"))
      for octet in parts[1].encodedBytes.prefix(RecordBatch.longestText) {
        text.append(hexadecimalOctet: octet)
      }
      return
    }
    Self.append(escaping: value, to: &text)
  }

  /// The UTF-8 octets of a string of any of ASN.1's kinds.
  private static func string(_ node: ASN1Node) -> [UInt8]? {
    guard let octets = node.octets?.prefix(RecordBatch.longestText) else { return nil }
    switch node.identifier {
    case .utf8String, .printableString, .ia5String, .numericString, .visibleString:
      return Array(octets)
    case .teletexString:
      // As all read it, ISO 8859-1.
      return octets.flatMap { Array(String(UnicodeScalar($0)).utf8) }
    case .bmpString:
      let octets = Array(octets)
      let units = stride(from: 0, to: octets.count - 1, by: 2).map {
        UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1])
      }
      return Array(String(decoding: units, as: UTF16.self).utf8)
    default: return nil
    }
  }

  /// RFC 4514, 2.4.
  private static func append(escaping value: [UInt8], to text: inout [UInt8]) {
    let special = Set("\"+,;<>\\".utf8)
    for (index, octet) in value.enumerated() {
      let isEdge =
        octet == UInt8(ascii: " ") && (index == 0 || index == value.count - 1)
        || octet == UInt8(ascii: "#") && index == 0
      if octet == 0 {
        text.append(contentsOf: "\\00".utf8)
        continue
      }
      if isEdge || special.contains(octet) { text.append(UInt8(ascii: "\\")) }
      text.append(octet)
    }
  }
}

/// Public keys and algorithms of certificates by name: RFC 3279, RFC 4055, RFC 5480, RFC 5758, RFC 8410.
enum X509Key {
  private static let pkcs1: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1]
  private static let names: [[UInt8]: StaticString] = [
    pkcs1 + [2]: "md2WithRSAEncryption", pkcs1 + [4]: "md5WithRSAEncryption",
    pkcs1 + [5]: "sha1WithRSAEncryption", pkcs1 + [10]: "rsassaPss",
    pkcs1 + [11]: "sha256WithRSAEncryption", pkcs1 + [12]: "sha384WithRSAEncryption",
    pkcs1 + [13]: "sha512WithRSAEncryption", pkcs1 + [14]: "sha224WithRSAEncryption",
    [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1]: "ecdsa-with-SHA1",
    [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 1]: "ecdsa-with-SHA224",
    [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2]: "ecdsa-with-SHA256",
    [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3]: "ecdsa-with-SHA384",
    [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4]: "ecdsa-with-SHA512",
    [0x2a, 0x86, 0x48, 0xce, 0x38, 4, 3]: "dsa-with-sha1",
    [0x2b, 0x65, 112]: "Ed25519", [0x2b, 0x65, 113]: "Ed448",
  ]
  private static let keys: [[UInt8]: StaticString] = [
    pkcs1 + [1]: "RSA", pkcs1 + [10]: "RSA", [0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1]: "EC",
    [0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1]: "DSA", [0x2b, 0x65, 112]: "Ed25519",
    [0x2b, 0x65, 113]: "Ed448",
  ]
  private static let curves: [[UInt8]: UInt32] = [
    [0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 1]: 192, [0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7]: 256,
    [0x2b, 0x81, 4, 0, 33]: 224, [0x2b, 0x81, 4, 0, 34]: 384, [0x2b, 0x81, 4, 0, 35]: 521,
    [0x2b, 0x81, 4, 0, 10]: 256, [0x2b, 0x24, 3, 3, 2, 8, 1, 1, 7]: 256,
    [0x2b, 0x24, 3, 3, 2, 8, 1, 1, 11]: 384, [0x2b, 0x24, 3, 3, 2, 8, 1, 1, 13]: 512,
  ]

  /// The algorithm of that object identifier.
  static func name(_ identifier: ArraySlice<UInt8>) -> [UInt8] {
    identifier.count < 16
      ? names[Array(identifier)].map { Array($0.description.utf8) } ?? dotted(identifier)
      : dotted(identifier)
  }

  /// What kind of key a SubjectPublicKeyInfo holds, and of how many bits.
  static func describe(_ node: ASN1Node) -> (type: [UInt8], bits: UInt32?) {
    let parts = node.children(identifier: .sequence, atMost: 2)
    let algorithm = parts.first?.children(identifier: .sequence, atMost: 2) ?? []
    guard parts.count == 2, let identifier = algorithm.first?.octets, let key = parts[1].octets
    else { return ([], nil) }
    let type = identifier.count < 16 ? keys[Array(identifier)]?.description : nil
    let text = type.map { Array($0.utf8) } ?? dotted(identifier)
    switch type {
    case "RSA": return (text, modulusBits(key))
    case "EC":
      return (text, algorithm.dropFirst().first?.octets.flatMap { curves[Array($0.prefix(16))] })
    case "Ed25519": return (text, 256)
    default: return (text, nil)
    }
  }

  /// Bits of the modulus in an RSAPublicKey, which a bit string holds: RFC 8017, A.1.1.
  private static func modulusBits(_ key: ArraySlice<UInt8>) -> UInt32? {
    // The first octet counts unused bits, of which there are none.
    guard key.first == 0, let root = try? BER.parse(key.dropFirst()),
      let modulus = root.children(identifier: .sequence, atMost: 1).first,
      modulus.identifier == .integer, let octets = modulus.octets
    else { return nil }
    let digits = octets.drop { $0 == 0 }
    guard let first = digits.first else { return 0 }
    return UInt32(clamping: digits.count * 8 - first.leadingZeroBitCount)
  }

  /// An object identifier as numbers parted by dots; one whose numbers exceed 64 bits is cut there.
  static func dotted(_ identifier: ArraySlice<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    var value: UInt64 = 0
    for octet in identifier.prefix(64) {
      guard value <= UInt64.max >> 7 else { break }
      value = value << 7 | UInt64(octet & 0x7f)
      if octet & 0x80 != 0 { continue }
      if text.isEmpty {
        let first = min(2, value / 40)
        text.append(decimal: first)
        value -= first * 40
      }
      text.append(UInt8(ascii: "."))
      text.append(decimal: value)
      value = 0
    }
    return text
  }
}
