package io.spillway.node.pop;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.LinkEndpoints;
import io.spillway.control.wire.Hello;
import io.spillway.control.wire.HelloLink;
import io.spillway.control.wire.WireAddress;
import io.spillway.node.channel.EndpointText;
import java.net.InetSocketAddress;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A site's links as its Hello says, beside those of all others. Owned by control. */
final class HelloLinks {
    private static final Logger LOG = LoggerFactory.getLogger(HelloLinks.class);

    private final SiteRegister sites;

    HelloLinks(SiteRegister sites) {
        this.sites = sites;
    }

    List<Link> of(AttachedSite site, Hello hello) {
        return hello.getLinksList().stream().map(link -> link(site, link)).toList();
    }

    private Link link(AttachedSite site, HelloLink link) {
        LinkEndpoints known = site.endpoints(link.getIndex());
        return new Link(
                link.getIndex(),
                link.getName(),
                link.getPrecedence(),
                link.getEnabled(),
                known.withFixed(link.hasFixed() ? fixed(site, link) : null));
    }

    /** One public address and port leads to one link only (R153); null where it is taken. */
    private InetSocketAddress fixed(AttachedSite site, HelloLink link) {
        InetSocketAddress fixed = WireAddress.endpoint(link.getFixed());
        for (AttachedSite other : sites.all()) {
            boolean isTaken =
                    other != site
                            && other.links().stream()
                                    .anyMatch(it -> fixed.equals(it.endpoints().fixed()));
            if (isTaken) {
                LOG.error(
                        "static {} of site {} link {} is that of site {} already: not used;"
                                + " every appliance and link behind one address needs its own port",
                        EndpointText.of(fixed),
                        site.name(),
                        link.getName(),
                        other.name());
                return null;
            }
        }
        return fixed;
    }
}
