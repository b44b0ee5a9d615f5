package io.spillway.node.cli;

import picocli.CommandLine.IVersionProvider;

/** Of this build, from the jar's manifest, and of the Java machine it runs on. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {
            "Spillway " + (version == null ? "(not packaged)" : version),
            "Java " + Runtime.version()
        };
    }
}
