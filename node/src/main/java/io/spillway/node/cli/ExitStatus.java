package io.spillway.node.cli;

/** What a command tells its caller besides words. */
final class ExitStatus {

    static final int OK = 0;

    /** The answer is no: no daemon, not found, refused. */
    static final int NO = 1;

    /** Wrong usage or configuration. */
    static final int USAGE = 2;

    private ExitStatus() {}
}
