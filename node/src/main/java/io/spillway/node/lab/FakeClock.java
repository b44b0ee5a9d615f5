package io.spillway.node.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A wall clock of its own for one process: libfaketime (Debian: {@code faketime}), preloaded. Linux
 * has no namespace for it, only for the clocks that count from the boot.
 */
final class FakeClock {
    private static final Path LIBRARIES = Path.of("/usr/lib");
    private static final String FILE_NAME = "libfaketimeMT.so.1";
    private static final int DEPTH = 3; // /usr/lib/x86_64-linux-gnu/faketime/

    private FakeClock() {}

    /**
     * The environment of a process whose wall clock begins at {@code time}, "yyyy-MM-dd hh:mm:ss".
     * What it waits for lasts as long as ever.
     *
     * @throws LabException when this machine has no libfaketime
     */
    static List<String> startingAt(String time) throws IOException, LabException {
        return List.of(
                "LD_PRELOAD=" + library(),
                "FAKETIME=@" + time,
                "FAKETIME_DONT_FAKE_MONOTONIC=1",
                "FAKETIME_FORCE_MONOTONIC_FIX=0",
                "FAKETIME_DISABLE_SHM=1");
    }

    private static Path library() throws IOException, LabException {
        try (Stream<Path> files =
                Files.find(LIBRARIES, DEPTH, (file, attributes) -> file.endsWith(FILE_NAME))) {
            return files.findFirst()
                    .orElseThrow(
                            () ->
                                    new LabException(
                                            FILE_NAME
                                                    + " is not below "
                                                    + LIBRARIES
                                                    + ": apt install faketime"));
        }
    }
}
