package dev.fieldproof.ota.record;

class MemoryRecordStoreTest extends RecordStoreContract {
    @Override
    RecordStore store() {
        return new MemoryRecordStore();
    }
}
