package io.spillway.tap;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Remembers what a monitor reported, and what should be there by now. */
final class LinkNews implements LinkMonitor.Listener {
    final List<String> log = new ArrayList<>();
    final Set<Link> links = new HashSet<>();
    final Set<LinkAddress> addresses = new HashSet<>();
    final Set<KernelRoute> routes = new HashSet<>();

    @Override
    public void onLink(Link link) {
        log.add("link " + link.name());
        links.removeIf(known -> known.index() == link.index());
        links.add(link);
    }

    @Override
    public void onLinkRemoved(Link link) {
        log.add("link removed " + link.name());
        links.removeIf(known -> known.index() == link.index());
    }

    @Override
    public void onAddress(LinkAddress address) {
        log.add("address " + address.address().getHostAddress());
        onAddressGone(address);
        addresses.add(address);
    }

    @Override
    public void onAddressRemoved(LinkAddress address) {
        log.add("address removed " + address.address().getHostAddress());
        onAddressGone(address);
    }

    @Override
    public void onRoute(KernelRoute route) {
        log.add("route " + route.destination().getHostAddress() + "/" + route.prefixLength());
        routes.add(route);
    }

    @Override
    public void onRouteRemoved(KernelRoute route) {
        log.add("route removed " + route.destination().getHostAddress());
        routes.remove(route);
    }

    Link link(String name) {
        return links.stream().filter(link -> link.name().equals(name)).findAny().orElse(null);
    }

    boolean hasAddress(String text) {
        return addresses.stream().anyMatch(a -> a.address().getHostAddress().equals(text));
    }

    boolean hasRouteTo(String text) {
        return routes.stream().anyMatch(r -> r.destination().getHostAddress().equals(text));
    }

    private void onAddressGone(LinkAddress address) {
        LinkTable.AddressKey key = LinkTable.AddressKey.of(address);
        addresses.removeIf(known -> LinkTable.AddressKey.of(known).equals(key));
    }
}
