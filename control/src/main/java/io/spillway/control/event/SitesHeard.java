package io.spillway.control.event;

/** What is told of a site that a PoP hears no longer, or again ({@link EventType#SITE_HEARD}). */
public final class SitesHeard {
    public static final String SILENT = "Site is silent";
    public static final String BACK = "Site is heard again";

    private SitesHeard() {}
}
