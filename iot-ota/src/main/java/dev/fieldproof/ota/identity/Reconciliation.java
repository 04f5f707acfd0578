package dev.fieldproof.ota.identity;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;

/**
 * Takes over upstream what a site issued while it was offline. Nothing is believed: each certificate must lead over the
 * site's intermediate to the root, inside its name constraints (RFC 5280, section 6). Doing it again changes nothing.
 */
public final class Reconciliation {
    private final ClaimLedger upstream;
    private final ClaimPolicy policy;
    private final X509Certificate root;
    private final X509Certificate intermediate;
    private final InstantSource clock;

    /**
     * Prepares to take over from one site.
     *
     * @param upstream the ledger that all sites share
     * @param policy what the site may issue; its quota holds across all that was taken over
     * @param root the root's certificate
     * @param intermediate the site's certificate
     * @param clock decides which certificates are valid now
     */
    public Reconciliation(
            ClaimLedger upstream,
            ClaimPolicy policy,
            X509Certificate root,
            X509Certificate intermediate,
            InstantSource clock) {
        this.upstream = upstream;
        this.policy = policy;
        this.root = root;
        this.intermediate = intermediate;
        this.clock = clock;
    }

    /**
     * A device that was not taken over; the site has to shut it out.
     *
     * @param serial its serial number
     * @param errorCode for programs
     * @param reason for people
     */
    public record Refusal(String serial, String errorCode, String reason) {}

    /**
     * What came of it.
     *
     * @param adopted serial numbers that are registered upstream now
     * @param refused those that are not
     */
    public record Outcome(List<String> adopted, List<Refusal> refused) {
        /** Copies the lists. */
        public Outcome {
            adopted = List.copyOf(adopted);
            refused = List.copyOf(refused);
        }
    }

    /**
     * Takes over everything that a site's ledger holds.
     *
     * @param site the site's ledger, or a copy of it
     * @return what came of each device
     * @throws IOException if a storage fails; what was taken over until then stays
     */
    public Outcome run(ClaimLedger site) throws IOException {
        List<String> adopted = new ArrayList<>();
        List<Refusal> refused = new ArrayList<>();
        for (ClaimLedger.Thing thing : site.things()) {
            if (thing.revoked()) {
                continue;
            }
            ClaimLedger.Registration result = take(site, thing);
            if (result instanceof ClaimLedger.NotBound no) {
                refused.add(new Refusal(thing.serial(), no.errorCode(), no.reason()));
            } else {
                adopted.add(thing.serial());
            }
        }
        return new Outcome(adopted, refused);
    }

    private ClaimLedger.Registration take(ClaimLedger site, ClaimLedger.Thing thing) throws IOException {
        ClaimLedger.Issued issued = site.certificate(thing.certificateId()).orElse(null);
        if (issued == null) {
            return new ClaimLedger.NotBound(404, "NoCertificate", "the site does not have its certificate");
        }
        X509Certificate certificate = CertificateRequests.parse(issued.certificatePem());
        if (!CertificateRequests.id(certificate).equals(issued.certificateId())) {
            return new ClaimLedger.NotBound(400, "WrongCertificate", "the certificate is not the one it is called");
        }
        String invalid = reasonInvalid(certificate);
        if (!invalid.isEmpty()) {
            return new ClaimLedger.NotBound(403, "InvalidCertificate", invalid);
        }
        String name = ClaimPolicy.fill(policy.thingName(), java.util.Map.of(ClaimPolicy.SERIAL_NUMBER, thing.serial()))
                .orElse(thing.name());
        ClaimLedger.Thing renamed =
                new ClaimLedger.Thing(thing.serial(), name, thing.certificateId(), policy.claim(), false);
        return upstream.adopt(policy, issued, renamed, current -> {
            X509Certificate other = CertificateRequests.parse(current.certificatePem());
            int order = certificate
                    .getNotBefore()
                    .toInstant()
                    .compareTo(other.getNotBefore().toInstant());
            return order > 0 || (order == 0 && issued.certificateId().compareTo(current.certificateId()) > 0);
        });
    }

    @SuppressWarnings("JavaUtilDate") // the parameter type of java.security.cert
    private static Date pkixTime(Instant time) {
        return Date.from(time);
    }

    private String reasonInvalid(X509Certificate certificate) throws IOException {
        try {
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(pkixTime(clock.instant()));
            CertPathValidator.getInstance("PKIX")
                    .validate(
                            CertificateFactory.getInstance("X.509")
                                    .generateCertPath(List.of(certificate, intermediate)),
                            parameters);
            return "";
        } catch (CertPathValidatorException e) {
            return String.valueOf(e.getMessage());
        } catch (GeneralSecurityException e) {
            throw new IOException("certificates cannot be checked here", e);
        }
    }
}
