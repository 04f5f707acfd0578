package dev.fieldproof.ota.identity;

import java.nio.charset.StandardCharsets;

/** The topic names of AWS IoT fleet provisioning, JSON form ("Device provisioning MQTT API"). */
final class ProvisioningTopics {
    static final String CREATE_FROM_CSR = "$aws/certificates/create-from-csr/json";
    static final String CREATE_KEYS = "$aws/certificates/create/json";
    static final String ACCEPTED = "/accepted";
    /** An addition to the answers: SHA-256 of the request, for brokers that send everyone everything. */
    static final String REQUEST_ID = "requestId";

    /** The parameter of a renewal that proves the current key. */
    static final String PROOF = "CurrentKeyProof";

    static final String INVALID_TOKEN = "InvalidCertificateOwnershipToken";
    static final String REJECTED = "/rejected";

    private ProvisioningTopics() {}

    /** What the current key signs: bound to this one registration by its token. */
    static byte[] proofOf(String token) {
        return ("fieldproof renewal\n" + token).getBytes(StandardCharsets.UTF_8);
    }

    static String register(String template) {
        return "$aws/provisioning-templates/" + template + "/provision/json";
    }
}
