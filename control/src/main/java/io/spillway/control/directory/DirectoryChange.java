package io.spillway.control.directory;

import java.util.List;

/** What one generation of the directory changed: site IDs in unsigned order. */
public record DirectoryChange(List<Long> added, List<Long> removed, List<Long> changed) {
    static final DirectoryChange NONE = new DirectoryChange(List.of(), List.of(), List.of());

    public DirectoryChange {
        added = List.copyOf(added);
        removed = List.copyOf(removed);
        changed = List.copyOf(changed);
    }

    public boolean isEmpty() {
        return added.isEmpty() && removed.isEmpty() && changed.isEmpty();
    }
}
