package io.spillway.tap;

import java.util.EnumSet;
import java.util.Set;

/**
 * Keeps {@link LinkTable}s in step with the kernel and decides what has to be listed anew. Does no
 * I/O: messages in, news to the listener and wishes out.
 *
 * <p>The kernel does not announce everything: IPv4 routes go silently with their link or address, a
 * replaced route goes silently too, and messages are lost when we are slow. In these cases the kind
 * is wanted again, and listed as soon as no other listing runs.
 */
final class LinkState implements NetlinkDecoder.Handler {
    /** What can be listed; the request's type and the length of its fixed part. */
    enum Listing {
        LINKS(18, LinkDecoder.FIXED_LENGTH),
        ADDRESSES(22, AddressDecoder.FIXED_LENGTH),
        ROUTES(26, RouteDecoder.FIXED_LENGTH);

        final int requestType;
        final int fixedLength;

        Listing(int requestType, int fixedLength) {
            this.requestType = requestType;
            this.fixedLength = fixedLength;
        }
    }

    private final LinkTable<Integer, Link> links = new LinkTable<>();
    private final LinkTable<LinkTable.AddressKey, LinkAddress> addresses = new LinkTable<>();
    private final LinkTable<KernelRoute, KernelRoute> routes = new LinkTable<>();
    private final Set<Listing> wanted = EnumSet.allOf(Listing.class);
    private LinkMonitor.Listener listener;
    private Listing running;
    private boolean isSpoiled;
    private int sequence;
    private long malformedCount;
    private long resyncCount;

    void listener(LinkMonitor.Listener listener) {
        this.listener = listener;
    }

    /** The listing to request now, with {@link #sequence}; null when one runs or none is wanted. */
    Listing nextListing() {
        return running != null || wanted.isEmpty() ? null : wanted.iterator().next();
    }

    /** A number that no request has used yet and that is not 0, the kernel's own. */
    int nextSequence() {
        sequence = sequence == Integer.MAX_VALUE ? 1 : sequence + 1;
        return sequence;
    }

    /** The request was sent. */
    void onListingBegun(Listing listing) {
        running = listing;
        isSpoiled = false;
        wanted.remove(listing);
        switch (listing) {
            case LINKS -> links.beginListing();
            case ADDRESSES -> addresses.beginListing();
            case ROUTES -> routes.beginListing();
        }
    }

    /** Messages were lost: everything has to be listed anew. */
    void onOverrun() {
        resyncCount++;
        isSpoiled = running != null;
        wanted.addAll(EnumSet.allOf(Listing.class));
    }

    boolean isSynchronised() {
        return running == null && wanted.isEmpty();
    }

    long malformedCount() {
        return malformedCount;
    }

    long resyncCount() {
        return resyncCount;
    }

    @Override
    public void onLink(Link link, boolean isRemoved) {
        if (isRemoved) {
            links.remove(link.index(), listener::onLinkRemoved);
        } else {
            links.put(link.index(), link, listener::onLink);
        }
        if (running != Listing.LINKS && (isRemoved || !link.isUp())) {
            wanted.add(Listing.ROUTES);
        }
    }

    @Override
    public void onAddress(LinkAddress address, boolean isRemoved) {
        LinkTable.AddressKey key = LinkTable.AddressKey.of(address);
        if (isRemoved) {
            addresses.remove(key, listener::onAddressRemoved);
            wanted.add(Listing.ROUTES);
        } else {
            addresses.put(key, address, listener::onAddress);
        }
    }

    @Override
    public void onRoute(KernelRoute route, boolean isRemoved, boolean isReplacing) {
        if (isRemoved) {
            routes.remove(route, listener::onRouteRemoved);
        } else {
            routes.put(route, route, listener::onRoute);
        }
        if (isReplacing) {
            wanted.add(Listing.ROUTES);
        }
    }

    @Override
    public void onInterrupted(int sequence) {
        if (running != null && sequence == this.sequence) {
            isSpoiled = true;
        }
    }

    @Override
    public void onDone(int sequence) {
        if (running == null || sequence != this.sequence) {
            return;
        }
        Listing done = running;
        running = null;
        if (isSpoiled) {
            wanted.add(done);
        } else {
            endListing(done);
        }
    }

    /**
     * The kernel cannot list this kind (it lacks the family, say): what is known of it stands. When
     * it was merely busy, it is asked again.
     */
    @Override
    public void onError(int sequence, int errno) {
        if (running == null || sequence != this.sequence) {
            return;
        }
        if (isSpoiled || errno == Errno.EBUSY) {
            wanted.add(running);
        }
        running = null;
    }

    @Override
    public void onMalformed() {
        malformedCount++;
    }

    private void endListing(Listing done) {
        switch (done) {
            case LINKS -> links.endListing(listener::onLinkRemoved);
            case ADDRESSES -> addresses.endListing(listener::onAddressRemoved);
            case ROUTES -> routes.endListing(listener::onRouteRemoved);
        }
    }
}
