// Text that users and programs write secrets into where no protocol expects them.

extension RecordBatch {
  /// Parameters of a URI whose values are secrets: what RFC 6749 and RFC 6750 call tokens, and what programs call
  /// passwords and keys.
  private static let secretNames: Set<String> = [
    "access_token", "accesstoken", "api-key", "api_key", "apikey", "auth_token", "client_secret",
    "id_token", "pass", "passphrase", "passwd", "password", "pwd", "refresh_token",
    "secret", "sig", "signature", "token", "x-amz-signature",
  ]

  /// Puts `…` for what is a password in the last text of the batch: before the host of an authority (RFC 3986,
  /// 3.2.1), also where no scheme stands before it, and as the value of a parameter that is called so.
  ///
  /// - Parameters:
  ///   - range: What was appended last.
  ///   - hasAuthority: Whether it may hold an authority; SIP's addresses have none.
  /// - Returns: Where the text is now.
  mutating func hideSecrets(in range: TextRange, hasAuthority: Bool = true) -> TextRange {
    let start = Int(range.start)
    guard start >= 0, start + Int(range.count) == text.count,
      text[start...].contains(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "@") })
    else { return range }
    let octets = Array(text[start...])
    let secrets = ((hasAuthority ? Self.userInformation(octets) : []) + Self.parameters(octets))
      .sorted {
        $0.lowerBound < $1.lowerBound
      }
    guard !secrets.isEmpty else { return range }
    text.removeSubrange(start...)
    var index = 0
    for secret in secrets where secret.lowerBound >= index {
      text.append(contentsOf: octets[index..<secret.lowerBound])
      text.append(contentsOf: "…".utf8)
      index = secret.upperBound
    }
    text.append(contentsOf: octets[index...])
    return TextRange(start: start, count: text.count - start)
  }

  /// What stands between a colon and the last @ of an authority: at the beginning, and behind `//`.
  private static func userInformation(_ octets: [UInt8]) -> [Range<Int>] {
    var secrets: [Range<Int>] = []
    var index = 0
    while index < octets.count {
      let isSlashes = octets[index...].starts(with: "//".utf8)
      guard index == 0 || isSlashes else {
        index += 1
        continue
      }
      let authority = isSlashes ? index + 2 : index
      let end = octets[authority...].firstIndex { "/?# \"<>".utf8.contains($0) } ?? octets.count
      if let at = octets[authority..<end].lastIndex(of: UInt8(ascii: "@")),
        let colon = octets[authority..<at].firstIndex(of: UInt8(ascii: ":")), colon + 1 < at
      {
        secrets.append(colon + 1..<at)
      }
      index = max(end, index + 1)
    }
    return secrets
  }

  /// The values of parameters with such names, behind `?`, `&` or `;`.
  private static func parameters(_ octets: [UInt8]) -> [Range<Int>] {
    var secrets: [Range<Int>] = []
    var name: Int?
    var index = 0
    while index < octets.count {
      let octet = octets[index]
      if "?&;".utf8.contains(octet) {
        name = index + 1
      } else if octet == UInt8(ascii: "="), let start = name {
        name = nil
        let end = octets[index...].firstIndex { "&;#> \"".utf8.contains($0) } ?? octets.count
        let word = String(decoding: octets[start..<min(index, start + 20)], as: UTF8.self)
        if index - start <= 20, secretNames.contains(word.lowercased()), index + 1 < end {
          secrets.append(index + 1..<end)
          index = end
          continue
        }
      }
      index += 1
    }
    return secrets
  }
}
