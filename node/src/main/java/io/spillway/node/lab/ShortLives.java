package io.spillway.node.lab;

import io.spillway.crypto.CertifiedName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** Certificates that live so shortly that a story can see their end. */
final class ShortLives {
    private static final long CHECK_MS = 200;

    private final Stage stage;
    private final Duration lifetime;

    ShortLives(Stage stage, Duration lifetime) {
        this.stage = stage;
        this.lifetime = lifetime;
    }

    /** Gives every site a new certificate for its key, before the sites start. */
    void issue() throws IOException {
        LabAccount account = LabAccount.load(stage.directory().resolve(LabAccount.DIRECTORY));
        for (NodeProcess site : stage.sites()) {
            Path identity = stage.directory().resolve(site.name()).resolve("identity");
            long id = stage.place(site).id();
            CertifiedName name = CertifiedName.site(LabSite.ACCOUNT, id, site.name());
            account.identify(identity, name, lifetime);
        }
    }

    /** The whole of a site's {@code status}. */
    static JsonNode status(NodeProcess site) throws IOException {
        return site.ask("status");
    }

    /** How many sites say so. */
    long count(Predicate<JsonNode> condition) throws IOException {
        long count = 0;
        for (NodeProcess site : stage.sites()) {
            count += condition.test(status(site)) ? 1 : 0;
        }
        return count;
    }

    /**
     * Waits until every site says so.
     *
     * @throws LabException naming what did not come about
     */
    void await(String what, Predicate<JsonNode> condition, Duration max)
            throws IOException, InterruptedException, LabException {
        Instant end = Instant.now().plus(max);
        while (count(condition) < stage.sites().size()) {
            if (Instant.now().isAfter(end)) {
                throw new LabException("not " + what + " at every site: " + certificates());
            }
            Thread.sleep(CHECK_MS);
        }
    }

    private List<String> certificates() throws IOException {
        List<String> all = new ArrayList<>();
        for (NodeProcess site : stage.sites()) {
            all.add(site.name() + " " + status(site).path("certificate"));
        }
        return all;
    }

    static boolean isIn(JsonNode status, String state) {
        return status.path("certificate").path("state").asString("").equals(state);
    }

    static boolean isRenewed(JsonNode status) {
        return status.path("certificate").has("renewed") && isIn(status, "VALID");
    }
}
