-- What numbers mean: the same rows in every case of one version.

-- Where decoding of a packet stopped; Wireshark's filter names.
CREATE TABLE lookup_protocol (protocol INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO lookup_protocol VALUES
  (0, 'frame'), (1, 'eth'), (2, 'vlan'), (3, 'sll'), (4, 'raw'), (5, 'null'), (6, 'arp'),
  (7, 'ip'), (8, 'ipv6'), (9, 'icmp'), (10, 'icmpv6'), (11, 'tcp'), (12, 'udp'), (13, 'dns'),
  (14, 'llc'), (15, 'ppp'), (16, 'pppoed'), (17, 'pppoes'), (18, 'mpls'), (19, 'gre'),
  (20, 'erspan'), (21, 'nvgre'), (22, 'vxlan'), (23, 'geneve'), (24, 'gtp'), (25, 'teredo'),
  (26, 'wlan'), (27, 'radiotap'), (28, 'nflog'), (29, 'pktap'),
  (30, 'http'), (31, 'tls'), (32, 'quic'), (33, 'dhcp'), (34, 'dhcpv6'), (35, 'ntp'), (36, 'ssh'),
  (37, 'smtp'), (38, 'ftp'), (39, 'imap'), (40, 'pop'), (41, 'smb'), (42, 'smb2'), (43, 'snmp'),
  (44, 'sip'), (45, 'rtp'), (46, 'syslog'), (47, 'mdns'), (48, 'llmnr'), (49, 'nbns'),
  (50, 'ldap'), (51, 'mysql'), (52, 'pgsql'), (53, 'resp'), (54, 'rdp'), (55, 'bgp'),
  (56, 'kerberos'), (57, 'mqtt'), (58, 'mbtcp');

-- What became of a DNS question.
CREATE TABLE lookup_outcome (outcome INTEGER PRIMARY KEY, name TEXT NOT NULL, meaning TEXT NOT NULL);
INSERT INTO lookup_outcome VALUES
  (1, 'answered', 'an answer came within the time-out of 5 s'),
  (2, 'refused', 'an ICMP error quotes the query'),
  (3, 'timed-out', 'no answer within the time-out, though the capture would show one'),
  (4, 'late', 'an answer came after the time-out'),
  (5, 'unobserved',
   'no answer, but the capture ends before the time-out or holds one direction only');

-- How a flow began and ended: Zeek's conn_state.
CREATE TABLE lookup_flow_state (state INTEGER PRIMARY KEY, name TEXT NOT NULL, meaning TEXT NOT NULL);
INSERT INTO lookup_flow_state VALUES
  (1, 'S0', 'attempt seen, no reply'),
  (2, 'S1', 'established, not ended'),
  (3, 'SF', 'established and ended normally; UDP: packets both ways'),
  (4, 'REJ', 'attempt refused'),
  (5, 'S2', 'established, the client closed, no reply to that'),
  (6, 'S3', 'established, the server closed, no reply to that'),
  (7, 'RSTO', 'established, the client reset'),
  (8, 'RSTR', 'the server reset'),
  (9, 'RSTOS0', 'the client sent SYN, then RST; no SYN ACK seen'),
  (10, 'RSTRH', 'the server sent SYN ACK, then RST; no SYN seen'),
  (11, 'SH', 'the client sent SYN, then FIN; no SYN ACK seen'),
  (12, 'SHR', 'the server sent SYN ACK, then FIN, no SYN seen; UDP: the server alone was seen'),
  (13, 'OTH', 'no SYN seen: the middle of a conversation');

-- What the sequence numbers of a TCP connection tell of a segment: Wireshark's tcp.analysis words.
CREATE TABLE lookup_tcp_event (event INTEGER PRIMARY KEY, name TEXT NOT NULL, meaning TEXT NOT NULL);
INSERT INTO lookup_tcp_event VALUES
  (1, 'retransmission', 'what it holds was sent before'),
  (2, 'out_of_order', 'it was overtaken by what was sent after it'),
  (3, 'lost_segment', 'octets before it were not captured'),
  (4, 'zero_window', 'its sender takes no more octets'),
  (5, 'keep_alive', 'it asks whether the other end is still there'),
  (6, 'overlap', 'it holds octets that were sent before, and new ones');

-- Services by protocol and well-known port: IANA, Service Name and Transport Protocol Port Number
-- Registry; the names as Wireshark and Zeek write them.
CREATE TABLE lookup_service (
  ip_proto INTEGER NOT NULL,
  port     INTEGER NOT NULL,
  name     TEXT NOT NULL,
  title    TEXT NOT NULL,
  carries  TEXT NOT NULL,  -- what it is by content: names of lookup_protocol, parted by a space
  PRIMARY KEY (ip_proto, port)
) WITHOUT ROWID;
INSERT INTO lookup_service VALUES
  (6, 20, 'ftp-data', 'FTP data', 'ftp-data'), (6, 21, 'ftp', 'FTP', 'ftp'),
  (6, 22, 'ssh', 'SSH', 'ssh'), (6, 23, 'telnet', 'Telnet', 'telnet'),
  (6, 25, 'smtp', 'SMTP', 'smtp'), (6, 43, 'whois', 'WHOIS', 'whois'),
  (6, 49, 'tacacs', 'TACACS+', 'tacacs'), (6, 53, 'dns', 'DNS', 'dns'),
  (6, 80, 'http', 'HTTP', 'http'), (6, 88, 'kerberos', 'Kerberos', 'kerberos'),
  (6, 110, 'pop3', 'POP3', 'pop'), (6, 111, 'rpcbind', 'ONC RPC', 'rpcbind'),
  (6, 135, 'epmap', 'DCE RPC endpoint mapper', 'epmap'),
  (6, 139, 'netbios-ssn', 'NetBIOS session', 'smb2 smb'), (6, 143, 'imap', 'IMAP', 'imap'),
  (6, 179, 'bgp', 'BGP', 'bgp'), (6, 389, 'ldap', 'LDAP', 'ldap'),
  (6, 443, 'https', 'HTTPS', 'tls'), (6, 445, 'microsoft-ds', 'SMB', 'smb2 smb'),
  (6, 465, 'submissions', 'SMTP over TLS', 'tls'), (6, 514, 'shell', 'Remote shell', 'shell'),
  (6, 587, 'submission', 'Mail submission', 'smtp'), (6, 636, 'ldaps', 'LDAP over TLS', 'tls'),
  (6, 853, 'domain-s', 'DNS over TLS', 'tls'), (6, 993, 'imaps', 'IMAP over TLS', 'tls'),
  (6, 995, 'pop3s', 'POP3 over TLS', 'tls'), (6, 1080, 'socks', 'SOCKS', 'socks'),
  (6, 1433, 'ms-sql-s', 'Microsoft SQL Server', 'ms-sql-s'),
  (6, 1521, 'oracle', 'Oracle', 'oracle'), (6, 1723, 'pptp', 'PPTP', 'pptp'),
  (6, 1883, 'mqtt', 'MQTT', 'mqtt'), (6, 2049, 'nfs', 'NFS', 'nfs'),
  (6, 3128, 'http-proxy', 'HTTP proxy', 'http'),
  (6, 3268, 'msft-gc', 'Global catalogue', 'ldap'), (6, 3306, 'mysql', 'MySQL', 'mysql'),
  (6, 3389, 'rdp', 'Remote desktop', 'rdp'), (6, 5060, 'sip', 'SIP', 'sip'),
  (6, 5061, 'sips', 'SIP over TLS', 'tls'), (6, 5222, 'xmpp-client', 'XMPP', 'xmpp-client'),
  (6, 5432, 'postgresql', 'PostgreSQL', 'pgsql'), (6, 5900, 'vnc', 'VNC', 'vnc'),
  (6, 6379, 'redis', 'Redis', 'resp'), (6, 6514, 'syslog-tls', 'Syslog over TLS', 'tls'),
  (6, 8000, 'http-alt', 'HTTP', 'http'), (6, 8080, 'http-alt', 'HTTP', 'http'),
  (6, 8443, 'https-alt', 'HTTPS', 'tls'), (6, 9092, 'kafka', 'Kafka', 'kafka'),
  (6, 9200, 'elasticsearch', 'Elasticsearch', 'http'),
  (6, 11211, 'memcache', 'Memcached', 'memcache'), (6, 27017, 'mongodb', 'MongoDB', 'mongodb'),
  (17, 53, 'dns', 'DNS', 'dns'), (17, 67, 'dhcp', 'DHCP server', 'dhcp'),
  (17, 68, 'dhcp', 'DHCP client', 'dhcp'), (17, 69, 'tftp', 'TFTP', 'tftp'),
  (17, 88, 'kerberos', 'Kerberos', 'kerberos'), (17, 111, 'rpcbind', 'ONC RPC', 'rpcbind'),
  (17, 123, 'ntp', 'NTP', 'ntp'), (17, 137, 'nbns', 'NetBIOS name service', 'nbns'),
  (17, 138, 'nbdgm', 'NetBIOS datagram', 'nbdgm'), (17, 161, 'snmp', 'SNMP', 'snmp'),
  (17, 162, 'snmptrap', 'SNMP trap', 'snmp'),
  (17, 389, 'cldap', 'LDAP without connection', 'ldap'), (17, 443, 'quic', 'QUIC', 'quic'),
  (17, 500, 'isakmp', 'IKE', 'isakmp'), (17, 514, 'syslog', 'Syslog', 'syslog'),
  (17, 520, 'rip', 'RIP', 'rip'), (17, 546, 'dhcpv6', 'DHCPv6 client', 'dhcpv6'),
  (17, 547, 'dhcpv6', 'DHCPv6 server', 'dhcpv6'), (17, 623, 'rmcp', 'IPMI', 'rmcp'),
  (17, 853, 'doq', 'DNS over QUIC', 'quic'), (17, 1194, 'openvpn', 'OpenVPN', 'openvpn'),
  (17, 1434, 'ms-sql-m', 'SQL Server browser', 'ms-sql-m'),
  (17, 1645, 'radius', 'RADIUS', 'radius'), (17, 1701, 'l2tp', 'L2TP', 'l2tp'),
  (17, 1812, 'radius', 'RADIUS', 'radius'),
  (17, 1813, 'radacct', 'RADIUS accounting', 'radacct'), (17, 1900, 'ssdp', 'SSDP', 'ssdp'),
  (17, 2049, 'nfs', 'NFS', 'nfs'), (17, 2055, 'cflow', 'NetFlow', 'cflow'),
  (17, 2152, 'gtp-u', 'GTP-U', 'gtp-u'), (17, 3478, 'stun', 'STUN', 'stun'),
  (17, 3702, 'ws-discovery', 'WS-Discovery', 'ws-discovery'),
  (17, 4500, 'ipsec-nat-t', 'IPsec behind NAT', 'ipsec-nat-t'),
  (17, 4789, 'vxlan', 'VXLAN', 'vxlan'), (17, 5060, 'sip', 'SIP', 'sip'),
  (17, 5353, 'mdns', 'Multicast DNS', 'mdns'), (17, 5355, 'llmnr', 'LLMNR', 'llmnr'),
  (17, 6081, 'geneve', 'GENEVE', 'geneve'), (17, 6343, 'sflow', 'sFlow', 'sflow'),
  (17, 11211, 'memcache', 'Memcached', 'memcache'),
  (17, 51820, 'wireguard', 'WireGuard', 'wireguard');

-- ICMP and ICMPv6 messages: IANA, ICMP Type Numbers and ICMPv6 Parameters.
CREATE TABLE lookup_icmp_type (
  version INTEGER NOT NULL, type INTEGER NOT NULL, name TEXT NOT NULL,
  PRIMARY KEY (version, type)
) WITHOUT ROWID;
INSERT INTO lookup_icmp_type VALUES
  (4, 0, 'echo reply'), (4, 3, 'destination unreachable'), (4, 4, 'source quench'),
  (4, 5, 'redirect'), (4, 8, 'echo request'), (4, 9, 'router advertisement'),
  (4, 10, 'router solicitation'), (4, 11, 'time exceeded'), (4, 12, 'parameter problem'),
  (4, 13, 'timestamp request'), (4, 14, 'timestamp reply'), (4, 17, 'address mask request'),
  (4, 18, 'address mask reply'), (4, 42, 'extended echo request'), (4, 43, 'extended echo reply'),
  (6, 1, 'destination unreachable'), (6, 2, 'packet too big'), (6, 3, 'time exceeded'),
  (6, 4, 'parameter problem'), (6, 128, 'echo request'), (6, 129, 'echo reply'),
  (6, 130, 'multicast listener query'), (6, 131, 'multicast listener report'),
  (6, 132, 'multicast listener done'), (6, 133, 'router solicitation'),
  (6, 134, 'router advertisement'), (6, 135, 'neighbor solicitation'),
  (6, 136, 'neighbor advertisement'), (6, 137, 'redirect'),
  (6, 143, 'multicast listener report v2'), (6, 155, 'RPL control');
CREATE TABLE lookup_icmp_code (
  version INTEGER NOT NULL, type INTEGER NOT NULL, code INTEGER NOT NULL, name TEXT NOT NULL,
  PRIMARY KEY (version, type, code)
) WITHOUT ROWID;
INSERT INTO lookup_icmp_code VALUES
  (4, 3, 0, 'network unreachable'), (4, 3, 1, 'host unreachable'), (4, 3, 2, 'protocol unreachable'),
  (4, 3, 3, 'port unreachable'), (4, 3, 4, 'fragmentation needed'), (4, 3, 5, 'source route failed'),
  (4, 3, 6, 'network unknown'), (4, 3, 7, 'host unknown'), (4, 3, 8, 'source host isolated'),
  (4, 3, 9, 'network administratively prohibited'), (4, 3, 10, 'host administratively prohibited'),
  (4, 3, 11, 'network unreachable for type of service'), (4, 3, 12, 'host unreachable for type of service'),
  (4, 3, 13, 'communication administratively prohibited'), (4, 3, 14, 'host precedence violation'),
  (4, 3, 15, 'precedence cutoff in effect'),
  (4, 5, 0, 'for the network'), (4, 5, 1, 'for the host'),
  (4, 5, 2, 'for type of service and network'), (4, 5, 3, 'for type of service and host'),
  (4, 11, 0, 'time to live exceeded in transit'), (4, 11, 1, 'fragment reassembly time exceeded'),
  (4, 12, 0, 'pointer indicates the error'), (4, 12, 1, 'required option missing'), (4, 12, 2, 'bad length'),
  (6, 1, 0, 'no route to destination'), (6, 1, 1, 'communication administratively prohibited'),
  (6, 1, 2, 'beyond scope of source address'), (6, 1, 3, 'address unreachable'),
  (6, 1, 4, 'port unreachable'), (6, 1, 5, 'source address failed policy'),
  (6, 1, 6, 'reject route to destination'),
  (6, 3, 0, 'hop limit exceeded in transit'), (6, 3, 1, 'fragment reassembly time exceeded'),
  (6, 4, 0, 'erroneous header field'), (6, 4, 1, 'unrecognized next header'),
  (6, 4, 2, 'unrecognized IPv6 option'), (6, 4, 3, 'incomplete header chain');

-- DNS resource record types, response codes: IANA, Domain Name System Parameters.
CREATE TABLE lookup_dns_type (type INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO lookup_dns_type VALUES
  (1, 'A'), (2, 'NS'), (5, 'CNAME'), (6, 'SOA'), (10, 'NULL'), (12, 'PTR'), (13, 'HINFO'),
  (15, 'MX'), (16, 'TXT'), (17, 'RP'), (18, 'AFSDB'), (24, 'SIG'), (25, 'KEY'), (28, 'AAAA'),
  (29, 'LOC'), (33, 'SRV'), (35, 'NAPTR'), (36, 'KX'), (37, 'CERT'), (39, 'DNAME'), (41, 'OPT'),
  (42, 'APL'), (43, 'DS'), (44, 'SSHFP'), (45, 'IPSECKEY'), (46, 'RRSIG'), (47, 'NSEC'),
  (48, 'DNSKEY'), (49, 'DHCID'), (50, 'NSEC3'), (51, 'NSEC3PARAM'), (52, 'TLSA'), (53, 'SMIMEA'),
  (55, 'HIP'), (59, 'CDS'), (60, 'CDNSKEY'), (61, 'OPENPGPKEY'), (62, 'CSYNC'), (63, 'ZONEMD'),
  (64, 'SVCB'), (65, 'HTTPS'), (99, 'SPF'), (108, 'EUI48'), (109, 'EUI64'), (249, 'TKEY'),
  (250, 'TSIG'), (251, 'IXFR'), (252, 'AXFR'), (255, 'ANY'), (256, 'URI'), (257, 'CAA');
CREATE TABLE lookup_dns_rcode (rcode INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO lookup_dns_rcode VALUES
  (0, 'NOERROR'), (1, 'FORMERR'), (2, 'SERVFAIL'), (3, 'NXDOMAIN'), (4, 'NOTIMP'), (5, 'REFUSED'),
  (6, 'YXDOMAIN'), (7, 'YXRRSET'), (8, 'NXRRSET'), (9, 'NOTAUTH'), (10, 'NOTZONE'),
  (11, 'DSOTYPENI'), (16, 'BADVERS'), (17, 'BADKEY'), (18, 'BADTIME'), (19, 'BADMODE'),
  (20, 'BADNAME'), (21, 'BADALG'), (22, 'BADTRUNC'), (23, 'BADCOOKIE');
