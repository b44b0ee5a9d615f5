package io.spillway.node.setup;

import java.io.IOException;

/** One setting of the kernel as a step. */
final class Sysctl {
    private Sysctl() {}

    /**
     * Adds nothing where it is so already, or the kernel does not have it.
     *
     * @param key with slashes, since names of devices may have dots
     */
    static void add(SetupPlan plan, String key, String value) throws IOException {
        String before = Machine.sysctl(key);
        if (before != null && !before.equals(value)) {
            plan.step("sysctl -qw " + key + "=" + value, "sysctl -qw " + key + "=" + before);
        }
    }
}
