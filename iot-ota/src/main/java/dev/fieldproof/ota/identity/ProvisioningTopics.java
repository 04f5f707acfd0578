package dev.fieldproof.ota.identity;

/** The topic names of AWS IoT fleet provisioning, JSON form ("Device provisioning MQTT API"). */
final class ProvisioningTopics {
    static final String CREATE_FROM_CSR = "$aws/certificates/create-from-csr/json";
    static final String ACCEPTED = "/accepted";
    /** An addition to the answers: SHA-256 of the request, for brokers that send everyone everything. */
    static final String REQUEST_ID = "requestId";

    static final String INVALID_TOKEN = "InvalidCertificateOwnershipToken";
    static final String REJECTED = "/rejected";

    private ProvisioningTopics() {}

    static String register(String template) {
        return "$aws/provisioning-templates/" + template + "/provision/json";
    }
}
