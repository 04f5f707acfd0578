package dev.fieldproof.sparkplug.session;

/** Mistakes that implementations make; the model must catch every one. */
enum Mutant {
    NONE,
    /** Every connection's will carries the number of the first. */
    BD_SEQ_KEPT_OVER_CONNECTIONS,
    /** A restart begins at 0 again. */
    BD_SEQ_NOT_PERSISTED,
    /** A rebirth counts as a connection. */
    BD_SEQ_RAISED_BY_REBIRTH,
    /** NBIRTH carries another number than the will. */
    BD_SEQ_OF_BIRTH_BEHIND_WILL,
    /** A rebirth goes on counting. */
    SEQ_NOT_RESET_BY_REBIRTH,
    /** The number runs to 511. */
    SEQ_WRAPS_LATE,
    /** The number runs to 254. */
    SEQ_WRAPS_EARLY,
    /** DDEATH does not take a number of its own. */
    DDEATH_TAKES_NO_SEQ,
    /** DBIRTH does not take a number of its own. */
    DBIRTH_TAKES_NO_SEQ,
    /** A death certificate precedes each rebirth. */
    NDEATH_BEFORE_REBIRTH,
    /** Data flows while a rebirth waits for the cool-down. */
    DATA_WHILE_REBIRTH_IS_DUE,
    /** Births do not wait for the primary host. */
    BIRTH_WITHOUT_HOST,
    /** A STATE must be newer than the last, not as new. */
    STATE_MUST_BE_NEWER,
    /** An old STATE counts. */
    OLD_STATE_COUNTS,
    /** An offline STATE is not obeyed. */
    OFFLINE_STATE_IGNORED,
    /** A STATE from the far future shuts out all others. */
    STATE_POISONED,
    /** Devices are not born again with their node. */
    REBIRTH_WITHOUT_DEVICES,
    /** Devices are born before their node. */
    DEVICE_BORN_BEFORE_NODE,
    /** A device that is down sends data. */
    DATA_OF_DEAD_DEVICE,
    /** Rebirth requests are not obeyed. */
    REBIRTH_IGNORED,
    /** A request during the cool-down is forgotten. */
    REBIRTH_FORGOTTEN_IN_COOLDOWN,
    /** The node leaves without a death certificate. */
    LEAVES_WITHOUT_NDEATH,
    /** The host believes every death certificate. */
    LATE_WILL_KILLS,
    /** The host believes none. */
    NDEATH_IGNORED,
    /** The host takes messages as they come. */
    GAP_IGNORED,
    /** The host does not ask for a rebirth when a gap lasts. */
    GAP_NOT_ASKED_FOR,
    /** The host takes what waited in an earlier session. */
    HELD_SURVIVES_BIRTH,
    /** The host takes data of a node that it never saw born. */
    DATA_WITHOUT_BIRTH,
    /** The host asks for a rebirth again and again. */
    REBIRTH_STORM,
    /** The host goes on counting after a birth. */
    EXPECTED_NOT_RESET_BY_BIRTH,
    /** The host asks for a rebirth although the gap was closed. */
    TIMER_NOT_STOPPED
}
