package io.spillway.node;

/** What this build calls itself, from the jar's manifest. */
public final class NodeVersion {
    public static final String TEXT = text();

    private NodeVersion() {}

    private static String text() {
        String version = NodeVersion.class.getPackage().getImplementationVersion();
        return "Spillway " + (version == null ? "(not packaged)" : version);
    }
}
