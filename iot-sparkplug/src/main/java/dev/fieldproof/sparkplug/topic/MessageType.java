package dev.fieldproof.sparkplug.topic;

/** The kinds of message that carry Sparkplug B payloads (Sparkplug 3.0, section 4.2); STATE is apart. */
public enum MessageType {
    /** Birth certificate of an edge node. */
    NBIRTH,
    /** Death certificate of an edge node. */
    NDEATH,
    /** Data of an edge node. */
    NDATA,
    /** Command to an edge node. */
    NCMD,
    /** Birth certificate of a device. */
    DBIRTH,
    /** Death certificate of a device. */
    DDEATH,
    /** Data of a device. */
    DDATA,
    /** Command to a device. */
    DCMD;

    /**
     * Whether the topic names a device.
     *
     * @return true for the four that begin with D
     */
    public boolean isDevice() {
        return compareTo(DBIRTH) >= 0;
    }

    /**
     * Whether the message carries a sequence number.
     *
     * @return false for NDEATH and the commands
     */
    public boolean hasSeq() {
        return this != NDEATH && this != NCMD && this != DCMD;
    }
}
