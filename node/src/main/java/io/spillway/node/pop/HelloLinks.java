package io.spillway.node.pop;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.LinkEndpoints;
import io.spillway.control.directory.SiteMessages;
import io.spillway.control.wire.Hello;
import io.spillway.control.wire.HelloLink;
import io.spillway.control.wire.LinkObservation;
import io.spillway.control.wire.LinkReport;
import io.spillway.control.wire.WireAddress;
import io.spillway.node.channel.EndpointText;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a site says of its links, beside what the PoP knows of them. */
final class HelloLinks {
    private static final Logger LOG = LoggerFactory.getLogger(HelloLinks.class);

    private HelloLinks() {}

    static List<Link> of(AttachedSite site, Hello hello, Collection<AttachedSite> sites) {
        return hello.getLinksList().stream().map(link -> link(site, link, sites)).toList();
    }

    /** By link index; for {@link AttachedSite#report}. */
    static Map<Integer, LinkEndpoints> reported(AttachedSite site, LinkReport report) {
        Map<Integer, LinkEndpoints> reported = new HashMap<>();
        for (LinkObservation link : report.getLinksList()) {
            reported.put(
                    link.getIndex(),
                    site.endpoints(link.getIndex())
                            .withLocal(
                                    link.hasLocal() ? WireAddress.endpoint(link.getLocal()) : null,
                                    SiteMessages.mapping(link.getMapping())));
        }
        return reported;
    }

    private static Link link(AttachedSite site, HelloLink link, Collection<AttachedSite> sites) {
        LinkEndpoints known = site.endpoints(link.getIndex());
        return new Link(
                link.getIndex(),
                link.getName(),
                SiteMessages.role(link.getRole()),
                link.getPrecedence(),
                link.getEnabled(),
                known.withFixed(link.hasFixed() ? fixed(site, link, sites) : null));
    }

    /** One public address and port leads to one link only (R153); null where it is taken. */
    private static InetSocketAddress fixed(
            AttachedSite site, HelloLink link, Collection<AttachedSite> sites) {
        InetSocketAddress fixed = WireAddress.endpoint(link.getFixed());
        for (AttachedSite other : sites) {
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
