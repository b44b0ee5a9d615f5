package io.spillway.node.lab;

import java.io.IOException;
import java.util.List;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** What nodes say of authorities: whom they trust, and whose certificates their tunnels show. */
final class AuthorityView {
    private static final long CHECK_MS = 100;
    private static final String PEER_AUTHORITY = "peerAuthority";

    private final Stage stage;

    /** A question to one site. */
    interface Condition {
        boolean holds(NodeProcess site) throws IOException;
    }

    AuthorityView(Stage stage) {
        this.stage = stage;
    }

    /** {@code spillway pki rollover}, by hand; what it prints. */
    String rollover(String step) throws IOException {
        String authority = stage.directory().resolve(LabAccount.DIRECTORY).toString();
        List<String> line = NodeCommand.product().line("pki", "rollover", step, authority);
        return "pki rollover " + step + ": " + Programs.run(line).strip().replace("\n", "; ");
    }

    /** Milliseconds until it holds at every one of those. */
    long await(List<NodeProcess> sites, String what, Condition condition, long maxMs)
            throws IOException, InterruptedException, LabException {
        long startNs = System.nanoTime();
        for (NodeProcess site : sites) {
            while (!holds(site, condition)) {
                if (System.nanoTime() - startNs > maxMs * 1_000_000) {
                    throw new LabException(
                            "%s not %s: %s %s"
                                    .formatted(
                                            site.name(),
                                            what,
                                            site.ask("status").path("certificate"),
                                            site.ask("tunnels")));
                }
                Thread.sleep(CHECK_MS);
            }
        }
        return (System.nanoTime() - startNs) / 1_000_000;
    }

    /** One that is just starting does not answer yet. */
    private static boolean holds(NodeProcess site, Condition condition) throws IOException {
        try {
            return condition.holds(site);
        } catch (IOException e) {
            if (!site.isAlive()) {
                throw e;
            }
            return false;
        }
    }

    /** Of its certificate. */
    String own(NodeProcess site) throws IOException {
        return site.ask("status").path("certificate").path("authority").asString("");
    }

    /** The one that issues, as that site knows. */
    String issuer(NodeProcess site) throws IOException {
        for (JsonNode each : site.ask("status").path("authorities")) {
            if (each.path("state").asString("").equals("ISSUES")) {
                return each.path("authority").asString("");
            }
        }
        return "";
    }

    /** How many authorities are in that state for it. */
    long count(NodeProcess site, String state) throws IOException {
        return StreamSupport.stream(site.ask("status").path("authorities").spliterator(), false)
                .filter(each -> each.path("state").asString("").equals(state))
                .count();
    }

    /** Its tunnels to the PoP were opened by a certificate of that one. */
    boolean isPopSeenAs(NodeProcess site, String authority) throws IOException {
        String pop = stage.pop().name();
        for (JsonNode tunnel : site.ask("tunnels").path("tunnels")) {
            boolean isToPop = tunnel.path("peer").asString("").equals(pop);
            if (isToPop && !tunnel.path(PEER_AUTHORITY).asString("").equals(authority)) {
                return false;
            }
        }
        return true;
    }

    /** How many of its peers have shown it a certificate of that one. */
    long peersSeenAs(NodeProcess site, String authority) throws IOException {
        List<String> names = stage.sites().stream().map(NodeProcess::name).toList();
        return StreamSupport.stream(site.ask("tunnels").path("tunnels").spliterator(), false)
                .filter(it -> names.contains(it.path("peer").asString("")))
                .filter(it -> it.path(PEER_AUTHORITY).asString("").equals(authority))
                .map(it -> it.path("peer").asString(""))
                .distinct()
                .count();
    }

    /** That one has shown all of those a certificate of that authority. */
    boolean isSeenAs(List<NodeProcess> sites, NodeProcess seen, String authority)
            throws IOException {
        for (NodeProcess site : sites) {
            for (JsonNode tunnel : site.ask("tunnels").path("tunnels")) {
                boolean isTo = tunnel.path("peer").asString("").equals(seen.name());
                if (isTo && !tunnel.path(PEER_AUTHORITY).asString("").equals(authority)) {
                    return false;
                }
            }
        }
        return true;
    }

    boolean isRefusedByPop(NodeProcess site) throws IOException {
        return site.ask("status")
                .path("pop")
                .path("refusal")
                .asString("")
                .contains("was not issued by an authority in force");
    }

    /** Its tunnels that live. */
    long living(NodeProcess site) throws IOException {
        return StreamSupport.stream(site.ask("tunnels").path("tunnels").spliterator(), false)
                .filter(it -> it.path("state").asString("").equals("UP"))
                .count();
    }

    /** Whether a site is attached, as the PoP's status has it. */
    long attached(JsonNode status, String name) {
        return StreamSupport.stream(status.path("sites").spliterator(), false)
                .filter(it -> it.path("name").asString("").equals(name))
                .filter(it -> it.path("attached").asBoolean(true))
                .count();
    }
}
