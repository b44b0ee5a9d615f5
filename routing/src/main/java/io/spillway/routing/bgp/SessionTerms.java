package io.spillway.routing.bgp;

/**
 * What the two OPEN messages of a session have agreed on. Immutable.
 *
 * @param isExternal the neighbour is of another AS
 * @param asWidth octets of an AS in what is sent and received, 2 or 4
 * @param holdTimeS 0: the neighbour may be silent for ever
 * @param messageLengthMax of an UPDATE, both ways
 * @param peerIdentifier the neighbour's BGP identifier
 */
record SessionTerms(
        long localAs,
        long peerAs,
        boolean isExternal,
        int asWidth,
        boolean hasIpv4,
        boolean hasIpv6,
        int holdTimeS,
        int messageLengthMax,
        int peerIdentifier) {

    static SessionTerms of(NeighbourConfig config, OpenMessage peer) {
        Capabilities theirs = peer.capabilities();
        return new SessionTerms(
                config.localAs(),
                peer.as(),
                peer.as() != config.localAs(),
                theirs.as() < 0 ? 2 : 4,
                config.nextHopIpv4() != null && theirs.hasIpv4(),
                config.nextHopIpv6() != null && theirs.hasIpv6(),
                Math.min(config.holdTimeS(), peer.holdTimeS()),
                theirs.isExtendedMessageKnown()
                        ? MessageFramer.EXTENDED_LENGTH_MAX
                        : MessageFramer.LENGTH_MAX,
                peer.identifier());
    }

    boolean hasFamily(boolean isIpv4) {
        return isIpv4 ? hasIpv4 : hasIpv6;
    }
}
