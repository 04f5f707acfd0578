package dev.fieldproof.ota.slot;

import dev.fieldproof.core.store.NorFlash;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * What the stock boot loader of ESP-IDF does with {@code otadata} at power-on, with rollback enabled: an entry that is
 * still pending is aborted, the highest sequence that is neither aborted nor invalid rules, and a new one becomes
 * pending. Entries are rewritten in place: erase, then program. Not thread-safe.
 */
final class EspBootLoader {
    static final int SLOTS = 2;

    private final NorFlash flash;
    private final int otadataAt;

    EspBootLoader(NorFlash flash, int otadataAt) {
        this.flash = flash;
        this.otadataAt = otadataAt;
    }

    int sectorAt(int entry) {
        return otadataAt + entry * flash.sectorSizeBytes();
    }

    Optional<Otadata> read(int entry) throws IOException {
        byte[] bytes = new byte[Otadata.BYTES];
        flash.read(sectorAt(entry), bytes, 0, bytes.length);
        return Otadata.decode(bytes);
    }

    /** Which entry rules: 0, 1, or -1. */
    int ruling() throws IOException {
        Optional<Otadata> first = read(0).filter(EspBootLoader::mayBoot);
        Optional<Otadata> second = read(1).filter(EspBootLoader::mayBoot);
        Optional<Otadata> ruling = Otadata.ruling(first, second);
        return ruling.isEmpty() ? -1 : ruling.equals(first) ? 0 : 1;
    }

    private static boolean mayBoot(Otadata entry) {
        return entry.state() != Otadata.State.ABORTED && entry.state() != Otadata.State.INVALID;
    }

    /** Powers on: the slot that the loader starts; slot 0 where no entry rules, as it is without a factory image. */
    int select() throws IOException {
        for (int entry = 0; entry < 2; entry++) {
            Optional<Otadata> pending = read(entry).filter(e -> e.state() == Otadata.State.PENDING_VERIFY);
            if (pending.isPresent()) {
                rewrite(entry, pending.get(), Otadata.State.ABORTED);
            }
        }
        int ruling = ruling();
        if (ruling < 0) {
            return 0;
        }
        Otadata entry = read(ruling).orElseThrow(() -> new IOException("otadata changes while it is read"));
        if (entry.state() == Otadata.State.NEW) {
            rewrite(ruling, entry, Otadata.State.PENDING_VERIFY);
        }
        return entry.slot(SLOTS);
    }

    private void rewrite(int entry, Otadata was, Otadata.State state) throws IOException {
        flash.erase(sectorAt(entry));
        flash.program(sectorAt(entry), new Otadata(was.sequence(), state).encode(), 0, Otadata.BYTES);
    }

    /**
     * Makes a slot rule, by the entry that does not rule now: everything but the CRC, read back, then the CRC. However
     * this is torn, the entry before it goes on ruling.
     */
    void point(int slot, Otadata.State state) throws IOException {
        int ruling = ruling();
        Optional<Otadata> now = ruling < 0 ? Optional.empty() : read(ruling);
        if (now.isPresent() && now.get().slot(SLOTS) == slot && now.get().state() == state) {
            return;
        }
        int highest = 0;
        for (int entry = 0; entry < 2; entry++) {
            int sequence = read(entry).map(Otadata::sequence).orElse(0);
            highest = Integer.compareUnsigned(sequence, highest) > 0 ? sequence : highest;
        }
        int sequence = highest + 1;
        if (Integer.remainderUnsigned(sequence - 1, SLOTS) != slot) {
            sequence++;
        }
        byte[] bytes = new Otadata(sequence, state).encode();
        int at = sectorAt(ruling == 0 ? 1 : 0);
        int body = Otadata.BYTES - 4;
        flash.erase(at);
        flash.program(at, bytes, 0, body);
        byte[] held = new byte[Otadata.BYTES];
        flash.read(at, held, 0, held.length);
        if (!Arrays.equals(held, 0, body, bytes, 0, body)) {
            throw new IOException("the otadata sector at " + at + " does not hold what is programmed");
        }
        flash.program(at + body, bytes, body, 4);
    }
}
