package io.spillway.control.directory;

/** What a site is; the first four are the published types (A05). */
public enum SiteType {
    BRANCH(true),
    HEADQUARTERS(true),
    DATACENTER(true),
    CLOUD_DC(true),
    /** A third party's device that speaks IPsec to two PoPs (R141). */
    IPSEC(false),
    /** A cloud provider's interconnect (R142). */
    INTERCONNECT(false);

    private final boolean hasAppliance;

    SiteType(boolean hasAppliance) {
        this.hasAppliance = hasAppliance;
    }

    /** Without one a site is never recoverable and never expected (R143). */
    public boolean hasAppliance() {
        return hasAppliance;
    }
}
