package io.spillway.node.metrics;

import io.spillway.crypto.Certificates;
import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.Trust;
import io.spillway.crypto.record.RecordCiphers;
import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.agent.EventLoopKind;
import io.spillway.node.DropCounts;
import io.spillway.node.NodeVersion;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;

/** What every daemon tells of itself, site or PoP. */
public final class NodeMetrics {
    private static final double MS_PER_S = 1e3;
    private static final double NS_PER_S = 1e9;

    private final long startedNs = System.nanoTime();
    private final Labels common;
    private final Labels build;
    private final DataPlane dataPlane;
    private final List<String> devices;
    private final Supplier<X509Certificate> certificate;
    private final Supplier<Trust> trust;

    /**
     * When the daemon starts.
     *
     * @param common labels of all its figures
     * @param devices whose queues to us the kernel may find full
     */
    public NodeMetrics(
            Labels common,
            RecordCiphers ciphers,
            EventLoopKind loop,
            DataPlane dataPlane,
            List<String> devices,
            Supplier<X509Certificate> certificate,
            Supplier<Trust> trust) {
        this.common = common;
        this.dataPlane = dataPlane;
        this.devices = List.copyOf(devices);
        this.certificate = certificate;
        this.trust = trust;
        build =
                Labels.of("version", NodeVersion.TEXT)
                        .with("cipher", ciphers.name())
                        .with("loop", loop.label());
    }

    /** With the daemon's own figures, for others to add theirs. On control's thread. */
    public Scrape begin() {
        Scrape scrape = new Scrape(common);
        scrape.add(Metric.BUILD_INFO, build, 1);
        scrape.add(Metric.UPTIME_SECONDS, (System.nanoTime() - startedNs) / NS_PER_S);
        addDataPlane(scrape);
        addCertificates(scrape);
        return scrape;
    }

    private void addDataPlane(Scrape scrape) {
        for (DropCounts.Row row : DropCounts.of(dataPlane, devices)) {
            if (row.isKnown()) {
                Labels labels = Labels.of("reason", row.reason()).with("where", row.where());
                scrape.add(Metric.DROPPED_PACKETS_TOTAL, labels, row.count());
            }
        }
        scrape.add(Metric.POSTPONED_READS_TOTAL, dataPlane.counters().postponedReads());
        scrape.add(Metric.CONTROL_EVENTS_LOST_TOTAL, dataPlane.events().lost());
        scrape.add(Metric.COMMANDS_REFUSED_TOTAL, dataPlane.commands().refused());
        scrape.add(Metric.POOL_SLOTS, dataPlane.slotCount());
        scrape.add(Metric.POOL_FREE_SLOTS, dataPlane.freeSlotCount());
    }

    private void addCertificates(Scrape scrape) {
        scrape.add(Metric.CERTIFICATE_EXPIRY_TIMESTAMP_SECONDS, endOf(certificate.get()));
        Trust now = trust.get();
        for (X509Certificate authority : now.authorities()) {
            if (!now.isWithdrawn(authority)) {
                Labels labels = Labels.of("authority", Certificates.keyName(authority));
                scrape.add(Metric.AUTHORITY_EXPIRY_TIMESTAMP_SECONDS, labels, endOf(authority));
            }
        }
    }

    /** Who has shown none is left out. */
    public static void addPeer(Scrape scrape, String peer, PeerIdentity identity) {
        if (identity != null && identity.certificate() != null) {
            scrape.add(
                    Metric.PEER_CERTIFICATE_EXPIRY_TIMESTAMP_SECONDS,
                    Labels.of("peer", peer),
                    endOf(identity.certificate()));
        }
    }

    private static double endOf(X509Certificate certificate) {
        return certificate.getNotAfter().getTime() / MS_PER_S;
    }
}
