/** The field day, the scorecard and the JMH benchmarks, each beside its rival. */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("requires-automatic") // JMH and some rivals have no module name of their own
module dev.fieldproof.benchmarks {
    requires com.fasterxml.jackson.databind;
    requires dev.fieldproof.core;
    requires dev.fieldproof.crdt;
    requires dev.fieldproof.geo;
    requires dev.fieldproof.ota;
    requires dev.fieldproof.serial;
    requires dev.fieldproof.sparkplug;
    requires info.picocli;
    requires java.compiler; // the tests compile the documents' snippets
    requires java.xml; // a rival reads with it
    requires jdk.management;
    requires jbsdiff;
    requires jmh.core;
    requires org.apache.commons.compress;
    requires static org.jspecify;

    opens dev.fieldproof.benchmarks.scenario to
            com.fasterxml.jackson.databind,
            info.picocli;
    opens dev.fieldproof.benchmarks.scorecard to
            com.fasterxml.jackson.databind,
            info.picocli;
}
