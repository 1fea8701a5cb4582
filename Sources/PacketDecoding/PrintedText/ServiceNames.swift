/// The names that tcpdump prints instead of port numbers, without `-n` or with it once only.
///
/// tcpdump takes them from the printing host's services database. No two systems have the same
/// one; these are the names of Debian's, and those of others that IANA's registry (Service Name
/// and Transport Protocol Port Number Registry) or common use gives to well-known ports. A name
/// means one number here whatever the transport, which holds for all of them.
enum ServiceNames {
  /// The port of the service `name`, or `nil` when it is not in the table.
  static func port(_ name: String) -> UInt16? { ports[name] ?? ports[name.lowercased()] }

  private static let ports: [String: UInt16] = {
    var ports: [String: UInt16] = [:]
    for entry in table.split(separator: ",") {
      let words = entry.split(whereSeparator: { $0 == " " || $0 == "\n" })
      if words.count == 2, let number = UInt16(words[1]) { ports[String(words[0])] = number }
    }
    return ports
  }()

  private static let table = """
    tcpmux 1, echo 7, discard 9, systat 11, daytime 13, netstat 15, qotd 17, chargen 19,
    ftp-data 20, fsp 21, ftp 21, ssh 22, telnet 23, smtp 25, time 37, nameserver 42, whois 43,
    tacacs 49, domain 53, tacacs-ds 65, bootp 67, bootps 67, bootpc 68, tftp 69, gopher 70,
    finger 79, http 80, kerberos 88, kerberos-sec 88, hostname 101, hostnames 101, iso-tsap 102,
    acr-nema 104, poppassd 106, pop2 109, pop3 110, rpcbind 111, sunrpc 111, auth 113, sftp 115,
    nntp 119, ntp 123, epmap 135, loc-srv 135, netbios-ns 137, nbdatagram 138, netbios-dgm 138,
    netbios-ssn 139, imap 143, imap2 143, sql-net 150, snmp 161, snmp-trap 162, snmptrap 162,
    cmip-man 163, cmip-agent 164, mailq 174, xdmcp 177, bgp 179, irc 194, smux 199, qmtp 209,
    z3950 210, ipx 213, imap3 220, ptp-event 319, ptp-general 320, pawserv 345, zserv 346,
    rpc2portmap 369, codaauth2 370, clearcase 371, ldap 389, svrloc 427, https 443, snpp 444,
    microsoft-ds 445, kpasswd 464, smtps 465, submissions 465, urd 465, saft 487, pim-rp-disc 496,
    isakmp 500, biff 512, exec 512, login 513, who 513, cmd 514, shell 514, syslog 514,
    printer 515, talk 517, ntalk 518, efs 520, rip 520, route 520, router 520, ripng 521,
    timed 525, irc-serv 529, gdomap 538, uucp 540, klogin 543, kshell 544, dhcpv6-client 546,
    dhcpv6-server 547, afpovertcp 548, rtsp 554, nntps 563, smtp-submission 587, submission 587,
    nqs 607, asf-rmcp 623, qmqp 628, ipp 631, ldap-ssl 636, ldaps 636, ldp 646, dhcp-failover 647,
    tinc 655, silc 706, cisco-tdp 711, kerberos-adm 749, kerberos4 750, kerberos-master 751,
    passwd-server 752, krb-prop 754, moira-db 775, moira-update 777, moira-ureg 779, spamd 783,
    domain-s 853, domain-t 853, supfilesrv 871, rsync 873, rndc 953, ftps-data 989, ftps 990,
    telnets 992, imaps 993, pop3s 995, socks 1080, proofd 1093, rootd 1094, rmiregistry 1099,
    supfiledbg 1127, skkserv 1178, openvpn 1194, predict 1210, rmtcfg 1236, xtel 1313, xtelw 1314,
    lotusnote 1352, ms-sql-s 1433, ms-sql-m 1434, wins 1512, ingreslock 1524, datametrics 1645,
    sa-msg-port 1646, kermit 1649, groupwise 1677, l2f 1701, l2tp 1701, h323hostcall 1720,
    pptp 1723, radius 1812, radius-acct 1813, mqtt 1883, ssdp 1900, hsrp 1985, cisco-sccp 2000,
    hsrpv6 2029, nfs 2049, nfsd 2049, netflow 2055, gnunet 2086, rtcm-sc104 2101, zephyr-srv 2102,
    zephyr-clt 2103, zephyr-hm 2104, gsigatekeeper 2119, iprop 2121, gris 2135, docker 2375,
    docker-s 2376, cvspserver 2401, venus 2430, venus-se 2431, codasrv 2432, codasrv-se 2433,
    mon 2583, zebrasrv 2600, zebra 2601, ripd 2602, ripngd 2603, ospfd 2604, bgpd 2605,
    ospf6d 2606, ospfapi 2607, isisd 2608, dict 2628, f5-globalsite 2792, gsiftp 2811, gpsd 2947,
    gds-db 3050, icpv2 3130, isns 3205, iscsi-target 3260, msft-gc 3268, msft-gc-ssl 3269,
    mysql 3306, ms-wbt-server 3389, stun 3478, turn 3478, nut 3493, distcc 3632, daap 3689,
    svn 3690, ws-discovery 3702, bfd-control 3784, bfd-echo 3785, suucp 4031, sysrqd 4094,
    sieve 4190, lisp-data 4341, lisp-control 4342, f5-iquery 4353, epmd 4369, remctl 4373,
    ntske 4460, ipsec-nat-t 4500, nat-t-ike 4500, fax 4557, hylafax 4559, iax 4569, mtn 4691,
    ipfix 4739, ipfixs 4740, vxlan 4789, radmin-port 4899, munin 4949, commplex-main 5000,
    upnp 5000, avt-profile-1 5004, rtp-data 5004, avt-profile-2 5005, sip 5060, sip-tls 5061,
    xmpp-client 5222, capwap-control 5246, capwap-data 5247, xmpp-server 5269, cfengine 5308,
    stuns 5349, nat-pmp 5351, pcp 5351, mdns 5353, llmnr 5355, postgres 5432, postgresql 5432,
    rplay 5555, freeciv 5556, nrpe 5666, nsca 5667, amqps 5671, amqp 5672, canna 5680, coap 5683,
    coaps 5684, rfb 5900, vnc 5900, couchdb 5984, wsman 5985, wsmans 5986, x11 6000, x11-1 6001,
    x11-2 6002, x11-3 6003, x11-4 6004, x11-5 6005, x11-6 6006, x11-7 6007, geneve 6081,
    sflow 6343, gnutella-svc 6346, gnutella-rtr 6347, redis 6379, sge-qmaster 6444,
    sge-execd 6445, mysql-proxy 6446, syslog-tls 6514, sane-port 6566, mpls-udp 6635, ircd 6667,
    babel 6696, ircs-u 6697, afs3-fileserver 7000, bbs 7000, afs3-callback 7001,
    afs3-prserver 7002, afs3-vlserver 7003, afs3-kaserver 7004, afs3-volser 7005, afs3-bos 7007,
    afs3-update 7008, afs3-rmtsys 7009, font-service 7100, fodms 7200, zope-ftp 8021,
    http-alt 8080, http-proxy 8080, webcache 8080, tproxy 8081, omniorb 8088, puppet 8140,
    https-alt 8443, pcsync-https 8443, secure-mqtt 8883, clc-build-daemon 8990, xinetd 9098,
    bacula-dir 9101, bacula-fd 9102, bacula-sd 9103, git 9418, xmms2 9667, zope 9673,
    webmin 10000, zabbix-agent 10050, zabbix-trapper 10051, amanda 10080, kamanda 10081,
    amandaidx 10082, amidxtape 10083, nbd 10809, dicom 11112, memcache 11211, hkp 11371,
    sgi-cmsd 17001, sgi-crsd 17002, sgi-gcd 17003, sgi-cad 17004, db-lsp 17500, dcap 22125,
    gsidcap 22128, wnn6 22273, binkp 24554, mongodb 27017, asp 27374, csync2 30865,
    dircproxy 57000, tfido 60177, fido 60179,
    """
}
