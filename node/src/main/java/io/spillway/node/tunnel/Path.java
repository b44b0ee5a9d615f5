package io.spillway.node.tunnel;

import java.net.InetSocketAddress;

/** One link's far end. */
record Path(int link, InetSocketAddress remote) {}
