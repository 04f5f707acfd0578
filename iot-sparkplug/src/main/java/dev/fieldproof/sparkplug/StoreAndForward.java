package dev.fieldproof.sparkplug;

/**
 * Names of the metrics by which an edge node tells a host which of its samples are which, so that a host can drop what
 * it already has, count what it never got, and acknowledge the rest. They are ordinary Sparkplug metrics: a host that
 * does not know them shows them and loses nothing.
 *
 * <p>Samples have consecutive positions in the node's log. Within a session, live samples count up from {@link #NEXT}
 * and historical ones from {@link #FIRST}, in order of the messages; an NDATA that sets {@link #FIRST} moves the
 * latter.
 *
 * <p>A host counts right as long as nothing of before a birth certificate comes after it, and no birth certificate is
 * lost alone: MQTT over TCP does neither. Where a network does, sequence numbers may happen to fit, and a few samples
 * be taken for others.
 */
public final class StoreAndForward {
    /** Int64 in NBIRTH: names the log; positions of another log mean nothing. */
    public static final String LOG = "Store and Forward/Log";

    /** Int64 in NBIRTH: position of the first historical sample; all before it were acknowledged or are lost. */
    public static final String FIRST = "Store and Forward/First";

    /** Int64 in NBIRTH: position of the first live sample. */
    public static final String NEXT = "Store and Forward/Next";

    /** Int64, written by a host in NCMD: all samples before this position have been received. */
    public static final String ACKNOWLEDGED = "Store and Forward/Acknowledged";

    /** What the four names begin with; such metrics are no samples. */
    public static final String FOLDER = "Store and Forward/";

    private StoreAndForward() {}
}
