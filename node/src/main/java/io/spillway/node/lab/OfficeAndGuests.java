package io.spillway.node.lab;

import java.io.IOException;
import java.nio.file.Files;
import tools.jackson.databind.JsonNode;

/** Two networks of a site, between which its policy file decides. */
final class OfficeAndGuests {
    private final Stage stage;
    private final LabSite site;

    OfficeAndGuests(Stage stage, LabSite site) {
        this.stage = stage;
        this.site = site;
    }

    /** Of {@link Echoes#COUNT} that the office sends to the guests. */
    int answeredToOffice() throws IOException {
        return Echoes.from(site.hostNamespace(), LanGuest.address4(site)).answered();
    }

    /** Of {@link Echoes#COUNT} that a guest sends to the office. */
    int answeredToGuest() throws IOException {
        return Echoes.from(LanGuest.namespace(site), site.hostAddress()).answered();
    }

    /** From the office to the guests, over IPv6. */
    int hopsLeftOver6() throws IOException {
        return Echoes.from(site.hostNamespace(), LanGuest.address6(site)).ttl();
    }

    /** From the office to the guests, until it is ended. */
    EchoStream talk() throws IOException {
        return EchoStream.start(
                stage.directory(),
                site.hostNamespace(),
                site.hostAddress(),
                LanGuest.address4(site));
    }

    /** Writes the policy file, and has the site take it; what it said. */
    JsonNode apply(String policy) throws IOException {
        Files.writeString(LabConfig.policy(stage.directory(), site), policy);
        return stage.sites().get(site.index()).ask("firewall-apply");
    }
}
