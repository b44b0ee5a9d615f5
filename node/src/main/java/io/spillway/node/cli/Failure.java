package io.spillway.node.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;

/** Java's file exceptions name only the file; people want to know what is wrong with it. */
final class Failure {

    static String inWords(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> missing.getFile() + ": no such file or directory";
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case FileAlreadyExistsException exists -> exists.getFile() + ": exists already";
            default -> String.valueOf(e.getMessage());
        };
    }

    private Failure() {}
}
