package io.spillway.node.cli;

import io.spillway.node.NodeVersion;
import picocli.CommandLine.IVersionProvider;

/** Of this build, from the jar's manifest, and of the Java machine it runs on. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {NodeVersion.TEXT, "Java " + Runtime.version()};
    }
}
