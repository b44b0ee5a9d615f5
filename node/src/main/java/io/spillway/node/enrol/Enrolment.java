package io.spillway.node.enrol;

import com.google.protobuf.ByteString;
import io.spillway.control.wire.Enrol;
import io.spillway.control.wire.EnrolReply;
import io.spillway.control.wire.Renew;
import io.spillway.control.wire.RenewReply;
import io.spillway.crypto.Authority;
import io.spillway.crypto.CertifiedName;
import io.spillway.crypto.Identity;
import io.spillway.crypto.PeerIdentity;
import io.spillway.node.PopConfig;
import io.spillway.node.channel.EndpointText;
import io.spillway.node.channel.Enroller;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PoP's answer to a newcomer: a good token buys a certificate for the token's site. And to a
 * site whose certificate is to be renewed.
 */
public final class Enrolment implements Enroller {
    private static final Logger LOG = LoggerFactory.getLogger(Enrolment.class);

    /** Asked for at each request: another authority may issue now. */
    @FunctionalInterface
    public interface Issuer {
        Authority load() throws IOException;
    }

    private final Issuer issuer;
    private final EnrolTokens tokens;
    private final Renewals renewals;

    public Enrolment(Issuer issuer, EnrolTokens tokens, InstantSource clock) {
        this.issuer = issuer;
        this.tokens = tokens;
        this.renewals = new Renewals(clock);
    }

    /**
     * What the PoP's configuration makes possible: {@link Enroller#UNAVAILABLE} when it names no
     * authority.
     *
     * @throws IOException when the authority cannot be read, or none of those there is the
     *     identity's
     */
    public static Enroller of(PopConfig config, Identity identity, InstantSource clock)
            throws IOException {
        if (config.authority() == null) {
            return Enroller.UNAVAILABLE;
        }
        boolean isOurs =
                Authority.all(config.authority(), clock).stream()
                        .anyMatch(each -> each.certificate().equals(identity.authority()));
        if (!isOurs) {
            throw new EnrolException(
                    config.authority()
                            + ": is not the authority that issued this PoP's certificate in "
                            + config.identity());
        }
        return new Enrolment(
                () -> Authority.load(config.authority(), clock),
                new EnrolTokens(config.state(), clock),
                clock);
    }

    @Override
    public EnrolReply enrol(Enrol request, InetSocketAddress from) {
        try {
            WireToken token = WireToken.parse(request.getToken());
            EnrolTokens.Grant grant = tokens.redeem(token.siteId(), token.secret());
            EnrolReply reply = issue(request, grant);
            LOG.info(
                    "site {} ({}) enrolled from {}",
                    Long.toUnsignedString(grant.siteId()),
                    grant.name(),
                    EndpointText.of(from));
            return reply;
        } catch (EnrolException e) {
            return Enroller.refusal(e.getMessage());
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            LOG.error("enrolment from {} failed", EndpointText.of(from), e);
            return Enroller.refusal("the PoP could not issue a certificate: " + e.getMessage());
        }
    }

    @Override
    public RenewReply renew(Renew request, PeerIdentity holder) {
        String who = "site " + Long.toUnsignedString(holder.siteId());
        try {
            Authority authority = issuer.load();
            renewals.requireDue(holder.certificate(), authority.hasIssued(holder.certificate()));
            byte[] issued = authority.renew(request.getCsr().toByteArray(), holder);
            LOG.info("{} ({}): certificate renewed", who, holder.name());
            return RenewReply.newBuilder().setCertificate(ByteString.copyFrom(issued)).build();
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            LOG.warn("certificate of {} ({}) not renewed: {}", who, holder.name(), e.getMessage());
            return Enroller.unrenewed(e.getMessage());
        }
    }

    private EnrolReply issue(Enrol request, EnrolTokens.Grant grant)
            throws IOException, GeneralSecurityException {
        Authority authority = issuer.load();
        CertifiedName name = CertifiedName.site(authority.account(), grant.siteId(), grant.name());
        String csr = PemText.encode(PemText.CERTIFICATE_REQUEST, request.getCsr().toByteArray());
        String certificate = authority.issue(csr, name);
        String revoked = authority.revocationsPem();
        return EnrolReply.newBuilder()
                .setCertificate(der(PemText.CERTIFICATE, certificate))
                .setAuthority(der(PemText.CERTIFICATE, authority.certificatePem()))
                .setCrl(der(PemText.CRL, revoked))
                .build();
    }

    private static ByteString der(String type, String pem) {
        return ByteString.copyFrom(PemText.decode(type, pem));
    }
}
