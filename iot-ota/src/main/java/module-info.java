/** Signed delta updates into A/B slots, phased rollouts, an on-site control node and device identity. */
@org.jspecify.annotations.NullMarked
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // jbsdiff has no module name of its own
module dev.fieldproof.ota {
    requires transitive dev.fieldproof.core;
    requires static info.picocli;
    requires transitive java.net.http;
    requires transitive java.sql;
    requires jbsdiff;
    requires jdk.httpserver;
    requires org.apache.commons.compress;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires static org.jspecify;
    requires org.slf4j;

    exports dev.fieldproof.ota.delta;
    exports dev.fieldproof.ota.download;
    exports dev.fieldproof.ota.identity;
    exports dev.fieldproof.ota.install;
    exports dev.fieldproof.ota.record;
    exports dev.fieldproof.ota.rollout;
    exports dev.fieldproof.ota.site;
    exports dev.fieldproof.ota.slot;
    exports dev.fieldproof.ota.tuf;

    provides java.util.spi.ToolProvider with
            dev.fieldproof.ota.cli.OtaTool;

    opens dev.fieldproof.ota.cli to
            info.picocli;
}
