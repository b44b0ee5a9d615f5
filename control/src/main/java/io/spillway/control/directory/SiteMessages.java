package io.spillway.control.directory;

import io.spillway.control.wire.LinkEntry;
import io.spillway.control.wire.SiteEntry;
import io.spillway.control.wire.SiteKind;
import io.spillway.control.wire.WireAddress;
import java.util.List;

/** Sites between their wire and domain forms. */
public final class SiteMessages {
    private SiteMessages() {}

    /** {@code entry} has passed the codec. */
    public static Site site(SiteEntry entry) {
        return new Site(
                entry.getId(),
                entry.getName(),
                type(entry.getType()),
                entry.getAttached(),
                entry.getLinksList().stream().map(SiteMessages::link).toList(),
                entry.getRecoveryEnabled());
    }

    public static List<Site> sites(io.spillway.control.wire.Directory directory) {
        return directory.getSitesList().stream().map(SiteMessages::site).toList();
    }

    public static SiteEntry entry(Site site) {
        return SiteEntry.newBuilder()
                .setId(site.id())
                .setName(site.name())
                .setType(kind(site.type()))
                .setAttached(site.attached())
                .addAllLinks(site.links().stream().map(SiteMessages::entry).toList())
                .setRecoveryEnabled(site.recoveryEnabled())
                .build();
    }

    public static SiteType type(SiteKind kind) {
        return switch (kind) {
            case SITE_KIND_BRANCH -> SiteType.BRANCH;
            case SITE_KIND_HEADQUARTERS -> SiteType.HEADQUARTERS;
            case SITE_KIND_DATACENTER -> SiteType.DATACENTER;
            case SITE_KIND_CLOUD_DC -> SiteType.CLOUD_DC;
            case SITE_KIND_IPSEC -> SiteType.IPSEC;
            case SITE_KIND_INTERCONNECT -> SiteType.INTERCONNECT;
            case UNRECOGNIZED -> throw new IllegalArgumentException("site type unknown");
        };
    }

    public static SiteKind kind(SiteType type) {
        return switch (type) {
            case BRANCH -> SiteKind.SITE_KIND_BRANCH;
            case HEADQUARTERS -> SiteKind.SITE_KIND_HEADQUARTERS;
            case DATACENTER -> SiteKind.SITE_KIND_DATACENTER;
            case CLOUD_DC -> SiteKind.SITE_KIND_CLOUD_DC;
            case IPSEC -> SiteKind.SITE_KIND_IPSEC;
            case INTERCONNECT -> SiteKind.SITE_KIND_INTERCONNECT;
        };
    }

    private static Link link(LinkEntry entry) {
        return new Link(
                entry.getIndex(),
                entry.getName(),
                entry.getPrecedence(),
                entry.getEnabled(),
                entry.hasObserved() ? WireAddress.endpoint(entry.getObserved()) : null);
    }

    private static LinkEntry entry(Link link) {
        LinkEntry.Builder entry =
                LinkEntry.newBuilder()
                        .setIndex(link.index())
                        .setName(link.name())
                        .setPrecedence(link.precedence())
                        .setEnabled(link.enabled());
        if (link.observed() != null) {
            entry.setObserved(WireAddress.endpoint(link.observed()));
        }
        return entry.build();
    }
}
