package io.spillway.crypto;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Where an account's authorities are: the first in the directory itself, the next ones below. */
final class AuthorityFiles {
    private AuthorityFiles() {}

    /** The directory itself, and below it 2, 3 and so on. */
    static List<Path> directories(Path root) throws IOException {
        List<Path> below = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, "[0-9]*")) {
            for (Path entry : entries) {
                if (Files.isDirectory(entry)) {
                    below.add(entry);
                }
            }
        }
        below.sort(Comparator.comparing(AuthorityFiles::number));
        below.addFirst(root);
        return below;
    }

    /** For the next authority. */
    static Path next(Path root) throws IOException {
        List<Path> all = directories(root);
        return root.resolve(String.valueOf(all.size() == 1 ? 2 : number(all.getLast()) + 1));
    }

    private static int number(Path directory) {
        try {
            return Integer.parseInt(directory.getFileName().toString());
        } catch (NumberFormatException _) {
            return 0; // somebody else's
        }
    }

    static String pem(List<X509Certificate> bundle) throws IOException {
        try {
            StringBuilder text = new StringBuilder();
            for (X509Certificate each : bundle) {
                text.append(Pem.encode(Pem.CERTIFICATE, each.getEncoded()));
            }
            return text.toString();
        } catch (GeneralSecurityException e) {
            throw new IOException("certificate cannot be encoded", e);
        }
    }
}
