import CPcap

/// The name of a LINKTYPE_ value as libpcap gives it, such as `EN10MB` or `LINUX_SLL2`;
/// `LINKTYPE_n` when it has none.
///
/// Source: https://www.tcpdump.org/linktypes.html
public func linkTypeName(_ linkType: Int32) -> String {
  // Sound: the answer is `nil` or a constant of libpcap's; the text is a copy.
  guard let name = unsafe pcap_datalink_val_to_name(dataLinkType(linkType)) else {
    return "LINKTYPE_\(linkType)"
  }
  return unsafe String(cString: name)
}

/// The DLT_ value, by which libpcap's functions go on this system, of a LINKTYPE_ value, which
/// files hold. Most are equal; these are not everywhere, since systems had numbered them apart.
func dataLinkType(_ linkType: Int32) -> Int32 {
  switch linkType {
  // 12 and 14 are what DLT_RAW is on different systems, and some wrote it to files.
  case 12, 14, 101: DLT_RAW
  case 100: DLT_ATM_RFC1483
  case 102: DLT_SLIP_BSDOS
  case 103: DLT_PPP_BSDOS
  case 106: DLT_ATM_CLIP
  case 246: DLT_PFSYNC
  case 258: DLT_PKTAP
  default: linkType
  }
}

/// The LINKTYPE_ value, which files hold, of a DLT_ value of this system: what `dataLinkType` undoes.
func linkType(ofDataLink value: Int32) -> Int32 {
  switch value {
  case DLT_RAW: 101
  case DLT_ATM_RFC1483: 100
  case DLT_SLIP_BSDOS: 102
  case DLT_PPP_BSDOS: 103
  case DLT_ATM_CLIP: 106
  case DLT_PFSYNC: 246
  case DLT_PKTAP: 258
  default: value
  }
}
