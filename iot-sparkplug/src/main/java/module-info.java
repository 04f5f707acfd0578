/** Sparkplug B 3.0 edge nodes and host applications with store and forward. */
@org.jspecify.annotations.NullMarked
module dev.fieldproof.sparkplug {
    requires static info.picocli;
    requires transitive dev.fieldproof.core;
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports dev.fieldproof.sparkplug;
    exports dev.fieldproof.sparkplug.capture;
    exports dev.fieldproof.sparkplug.edge;
    exports dev.fieldproof.sparkplug.host;
    exports dev.fieldproof.sparkplug.payload;
    exports dev.fieldproof.sparkplug.topic;

    opens dev.fieldproof.sparkplug.cli to
            info.picocli;

    provides java.util.spi.ToolProvider with
            dev.fieldproof.sparkplug.cli.SparkplugTool;
}
