package io.spillway.node.lab;

import java.io.PrintStream;
import java.util.List;
import java.util.function.Supplier;

/**
 * What people see while the lab runs: a table in place on a terminal, else a line for each phase.
 */
final class Screen implements AutoCloseable {
    private static final long REFRESH_MS = 500;
    private static final String CLEAR_LINE = "\033[2K";

    /** A row longer than the terminal is wide is cut: as two lines it could not be erased. */
    private static final String WRAP_OFF = "\033[?7l";

    private static final String WRAP_ON = "\033[?7h";
    private final PrintStream out;
    private final boolean isTerminal;
    private final long startNs = System.nanoTime();
    private Supplier<List<String>> table = List::of;
    private String phase = "";
    private int drawn;
    private boolean isOpen = true;

    Screen(PrintStream out, boolean isTerminal) {
        this.out = out;
        this.isTerminal = isTerminal;
        if (isTerminal) Thread.ofVirtual().name("screen").start(this::refresh);
    }

    /** The rows below the present phase; asked for again and again. */
    synchronized void table(Supplier<List<String>> rows) {
        table = rows;
    }

    synchronized void phase(String text) {
        phase = "[%6.1f s] %s".formatted((System.nanoTime() - startNs) / 1e9, text);
        erase();
        out.println(phase);
        draw();
    }

    private void refresh() {
        try {
            while (redraw()) {
                Thread.sleep(REFRESH_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean redraw() {
        if (isOpen) {
            erase();
            draw();
        }
        return isOpen;
    }

    private void draw() {
        if (!isTerminal) return;
        List<String> rows = table.get();
        if (rows.isEmpty()) return;
        out.print(WRAP_OFF);
        rows.forEach(row -> out.println("    " + row));
        out.print(WRAP_ON);
        drawn = rows.size();
        out.flush();
    }

    private void erase() {
        for (; drawn > 0; drawn--) {
            out.print("\033[1A\r" + CLEAR_LINE);
        }
    }

    @Override
    public synchronized void close() {
        erase();
        isOpen = false;
    }
}
