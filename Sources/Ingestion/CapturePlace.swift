import PacketDecoding

/// Where in the network a packet was seen, the same for both directions: interface, VLANs, encapsulations, and
/// the pair of link-layer addresses where both are known, the lower first.
struct CapturePlace: Hashable {
  var interface: Int32
  var interfaceIndex: UInt32?
  var vlans: UInt64
  var tunnel: UInt64
  var lowerHardware: UInt64 = 0
  var upperHardware: UInt64 = 0

  init(of packet: PacketRecord) {
    let link = packet.link
    (interface, interfaceIndex) = (packet.interface, link.interfaceIndex)
    (vlans, tunnel) = (link.vlans, link.tunnel)
    // Cooked captures know the sender alone: then the two directions have no pair in common.
    if let source = link.source, let destination = link.destination {
      (lowerHardware, upperHardware) =
        source <= destination ? (source, destination) : (destination, source)
    }
  }
}
