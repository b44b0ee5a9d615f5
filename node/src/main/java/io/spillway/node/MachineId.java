package io.spillway.node;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What tells this machine from others: its installation, and its board or virtual machine. */
public final class MachineId {
    private static final List<Path> SOURCES =
            List.of(Path.of("/etc/machine-id"), Path.of("/sys/class/dmi/id/product_uuid"));

    private MachineId() {}

    /** Empty where the machine has neither, or does not show it to us. Blocks. */
    public static byte[] read() {
        var id = new ByteArrayOutputStream();
        for (Path source : SOURCES) {
            try {
                id.writeBytes(Files.readAllBytes(source));
            } catch (IOException _) {
                // a machine without it
            }
        }
        return id.toByteArray();
    }
}
