/** A resumable, differential flasher for ESP chips over serial, TCP and RFC 2217. */
@org.jspecify.annotations.NullMarked
module dev.fieldproof.serial {
    requires static com.fazecast.jSerialComm;
    requires transitive dev.fieldproof.core;
    requires static info.picocli;
    requires static org.jspecify;
    requires org.slf4j;

    exports dev.fieldproof.serial;
    exports dev.fieldproof.serial.flash;
    exports dev.fieldproof.serial.image;
    exports dev.fieldproof.serial.port;
    exports dev.fieldproof.serial.rom;
    exports dev.fieldproof.serial.sim;
    exports dev.fieldproof.serial.slip;

    provides java.util.spi.ToolProvider with
            dev.fieldproof.serial.cli.SerialTool;

    opens dev.fieldproof.serial.cli to
            info.picocli;
}
