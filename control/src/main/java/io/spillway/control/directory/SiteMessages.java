package io.spillway.control.directory;

import io.spillway.control.wire.LinkEntry;
import io.spillway.control.wire.LinkKind;
import io.spillway.control.wire.MappingKind;
import io.spillway.control.wire.Scope;
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
                entry.getRecoveryEnabled(),
                scope(entry.getScope()));
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
                .setScope(scope(site.scope()))
                .build();
    }

    private static PairScope scope(Scope scope) {
        return switch (scope) {
            case SCOPE_IN -> PairScope.IN;
            case SCOPE_TOPOLOGY -> PairScope.TOPOLOGY;
            case SCOPE_REGION -> PairScope.REGION;
            case UNRECOGNIZED -> throw new IllegalArgumentException("scope unknown");
        };
    }

    private static Scope scope(PairScope scope) {
        return switch (scope) {
            case IN -> Scope.SCOPE_IN;
            case TOPOLOGY -> Scope.SCOPE_TOPOLOGY;
            case REGION -> Scope.SCOPE_REGION;
        };
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
                role(entry.getRole()),
                entry.getPrecedence(),
                entry.getEnabled(),
                new LinkEndpoints(
                        entry.hasObserved() ? WireAddress.endpoint(entry.getObserved()) : null,
                        entry.hasFixed() ? WireAddress.endpoint(entry.getFixed()) : null,
                        entry.hasLocal() ? WireAddress.endpoint(entry.getLocal()) : null,
                        mapping(entry.getMapping())));
    }

    private static LinkEntry entry(Link link) {
        LinkEndpoints endpoints = link.endpoints();
        LinkEntry.Builder entry =
                LinkEntry.newBuilder()
                        .setIndex(link.index())
                        .setName(link.name())
                        .setRole(kind(link.role()))
                        .setPrecedence(link.precedence())
                        .setEnabled(link.enabled())
                        .setMapping(kind(endpoints.mapping()));
        if (endpoints.observed() != null) {
            entry.setObserved(WireAddress.endpoint(endpoints.observed()));
        }
        if (endpoints.fixed() != null) {
            entry.setFixed(WireAddress.endpoint(endpoints.fixed()));
        }
        if (endpoints.local() != null) {
            entry.setLocal(WireAddress.endpoint(endpoints.local()));
        }
        return entry.build();
    }

    public static LinkRole role(LinkKind kind) {
        return switch (kind) {
            case LINK_KIND_INTERNET -> LinkRole.INTERNET;
            case LINK_KIND_ALT_WAN -> LinkRole.ALT_WAN;
            case UNRECOGNIZED -> throw new IllegalArgumentException("link role unknown");
        };
    }

    public static LinkKind kind(LinkRole role) {
        return switch (role) {
            case INTERNET -> LinkKind.LINK_KIND_INTERNET;
            case ALT_WAN -> LinkKind.LINK_KIND_ALT_WAN;
        };
    }

    public static NatMapping mapping(MappingKind kind) {
        return switch (kind) {
            case MAPPING_OPEN -> NatMapping.OPEN;
            case MAPPING_STABLE -> NatMapping.STABLE;
            case MAPPING_CHANGING -> NatMapping.CHANGING;
            case MAPPING_UNKNOWN, UNRECOGNIZED -> NatMapping.UNKNOWN;
        };
    }

    public static MappingKind kind(NatMapping mapping) {
        return switch (mapping) {
            case UNKNOWN -> MappingKind.MAPPING_UNKNOWN;
            case OPEN -> MappingKind.MAPPING_OPEN;
            case STABLE -> MappingKind.MAPPING_STABLE;
            case CHANGING -> MappingKind.MAPPING_CHANGING;
        };
    }
}
