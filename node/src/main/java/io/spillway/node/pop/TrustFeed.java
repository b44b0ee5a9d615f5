package io.spillway.node.pop;

import com.google.protobuf.ByteString;
import io.spillway.control.wire.Authorities;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.Revocations;
import io.spillway.crypto.Trust;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** The account's authorities and revocation lists as sites are told them. Any thread. */
public final class TrustFeed {
    private volatile List<Frame> frames = List.of();

    /**
     * @throws GeneralSecurityException when it cannot be encoded; what was told before stays
     */
    public void publish(Trust trust) throws GeneralSecurityException {
        List<Frame> made = new ArrayList<>();
        Authorities.Builder authorities = Authorities.newBuilder();
        for (X509Certificate each : trust.bundle()) {
            authorities.addCertificates(ByteString.copyFrom(each.getEncoded()));
        }
        made.add(Frame.newBuilder().setAuthorities(authorities).build());
        for (X509CRL list : trust.lists()) {
            ByteString crl = ByteString.copyFrom(list.getEncoded());
            made.add(
                    Frame.newBuilder()
                            .setRevocations(Revocations.newBuilder().setCrl(crl))
                            .build());
        }
        frames = List.copyOf(made);
    }

    void send(SiteConnection connection) {
        frames.forEach(connection::send);
    }
}
