/// The certificate that an end of a TLS connection shows for itself, up to TLS 1.2: the first of its Certificate
/// message, RFC 5246, 7.4.2. Since TLS 1.3 it is encrypted.
public struct TLSCertificate: Equatable, Sendable {
  /// The packet that completes the message.
  public var packetNumber: Int64
  /// Whether it is the server's; `nil` where no hello was seen.
  public var isServer: Bool?
  /// Certificates of the message.
  public var chainLength: UInt32
  /// SHA-256 of its DER, hexadecimal.
  public var sha256: TextRange
  /// What it says of itself; `nil` for one that cannot be read.
  public var fields: Fields?

  /// RFC 5280, 4.1.
  public struct Fields: Equatable, Sendable {
    /// As RFC 4514 writes names.
    public var subject: TextRange
    /// Who signed it, likewise.
    public var issuer: TextRange
    /// Host names and addresses of RFC 5280, 4.2.1.6, parted by commas; `nil` for none.
    public var alternativeNames: TextRange?
    /// From when to when it holds: RFC 5280, 4.1.2.5.
    public var validity: Validity
    /// Hexadecimal, without zeros that only say that it is positive.
    public var serial: TextRange
    /// Whether subject and issuer are the same name, octet by octet.
    public var isSelfIssued: Bool
    /// Such as `RSA`; of another kind its object identifier.
    public var keyType: TextRange
    /// Bits of an RSA modulus or of a curve's field; `nil` for others.
    public var keyBits: UInt32?
    /// Such as `sha256WithRSAEncryption`.
    public var signatureAlgorithm: TextRange
  }

  /// The two ends of a certificate's validity, each as a number and as text.
  public struct Validity: Equatable, Sendable {
    /// Nanoseconds since 1970; what 64 bits do not hold is their end, in 1677 or 2262.
    public var notBefore: Int64
    /// Likewise.
    public var notAfter: Int64
    /// The same in RFC 3339, whatever the year.
    public var notBeforeText: TextRange
    /// Likewise.
    public var notAfterText: TextRange
  }
}
