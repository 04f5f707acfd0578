/** A resumable, differential flasher for ESP chips over serial, TCP and RFC 2217. */
@org.jspecify.annotations.NullMarked
module dev.fieldproof.serial {
    requires static com.fazecast.jSerialComm;
    requires transitive dev.fieldproof.core;
    requires static org.jspecify;
    requires org.slf4j;
}
