/** Conflict-free replicated data types for devices that are offline for weeks, with wrong clocks. */
@org.jspecify.annotations.NullMarked
module dev.fieldproof.crdt {
    requires transitive dev.fieldproof.core;
    requires static org.jspecify;
    requires org.slf4j;

    exports dev.fieldproof.crdt;
    exports dev.fieldproof.crdt.store;
    exports dev.fieldproof.crdt.sync;
    exports dev.fieldproof.crdt.wire;
}
