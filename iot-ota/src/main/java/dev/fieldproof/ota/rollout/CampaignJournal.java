package dev.fieldproof.ota.rollout;

import dev.fieldproof.core.store.Directory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A campaign on disk: every event is durable before what follows from it is handed out, so that a power cut loses no
 * decision that anybody acted on, and the events after the last checkpoint, stepped again, give the same decisions
 * under the same numbers. Who carries decisions out remembers the number of the last and skips those up to it.
 *
 * <p>{@code NAME.checkpoint} holds a snapshot; {@code NAME.log.N} the events after the N-th, each with its length and
 * CRC-32C. A torn event at the end is one that nothing followed from. Not thread-safe.
 */
public final class CampaignJournal implements AutoCloseable {
    private static final int HEADER = 16;
    private static final int FRAME = 6;
    private static final int READ_BYTES = 1 << 16;

    private final Directory directory;
    private final String name;
    private Campaign campaign;
    private final List<CampaignDecision> recovered = new ArrayList<>();
    private long checkpoints;
    private long decisions;
    private long firstRecovered;
    private long logBytes;
    private Directory.@Nullable File log;

    /** For tests of the tests. */
    private final Set<Mutant> mutants = EnumSet.noneOf(Mutant.class);

    /** Ways to get it wrong. */
    enum Mutant {
        NO_LOG_SYNC,
        NO_CHECKPOINT_SYNC,
        NO_CRC,
        LOG_DELETED_FIRST
    }

    private CampaignJournal(Directory directory, String name, Campaign campaign) {
        this.directory = directory;
        this.name = name;
        this.campaign = campaign;
    }

    /**
     * Begins a campaign, or goes on with one where the disk has it.
     *
     * @param directory where
     * @param name of the campaign, as a file name
     * @param plan the same each time
     * @param fleet the same each time
     * @return the journal
     * @throws IOException if the storage fails, or the checkpoint is damaged
     * @throws IllegalArgumentException if the plan or fleet is another one
     */
    public static CampaignJournal open(Directory directory, String name, CampaignPlan plan, Fleet fleet)
            throws IOException {
        return open(directory, name, plan, fleet, Set.of());
    }

    static CampaignJournal open(Directory directory, String name, CampaignPlan plan, Fleet fleet, Set<Mutant> mutants)
            throws IOException {
        CampaignJournal journal = new CampaignJournal(directory, name, new Campaign(plan, fleet));
        journal.mutants.addAll(mutants);
        byte[] checkpoint = readAll(directory, name + ".checkpoint");
        if (checkpoint.length > 0) {
            if (checkpoint.length < HEADER) {
                throw new IOException("the checkpoint of " + name + " is cut off");
            }
            ByteBuffer in = ByteBuffer.wrap(checkpoint);
            journal.checkpoints = in.getLong();
            journal.decisions = in.getLong();
            journal.campaign = Campaign.restore(plan, fleet, Arrays.copyOfRange(checkpoint, HEADER, checkpoint.length));
        }
        journal.replay();
        return journal;
    }

    private String logName() {
        return name + ".log." + checkpoints;
    }

    private void replay() throws IOException {
        firstRecovered = decisions;
        byte[] events = readAll(directory, logName());
        ByteBuffer in = ByteBuffer.wrap(events);
        while (in.remaining() >= FRAME) {
            int length = in.getShort() & 0xFFFF;
            if (length > EventCodec.MAX_BYTES || in.remaining() < length + 4) {
                break;
            }
            byte[] bytes = new byte[length];
            in.get(bytes);
            Optional<CampaignEvent> event = EventCodec.decode(bytes);
            if ((in.getInt() != crc(bytes) && !mutants.contains(Mutant.NO_CRC)) || event.isEmpty()) {
                break;
            }
            recovered.addAll(campaign.step(event.get()));
            logBytes += FRAME + length;
        }
        decisions += recovered.size();
        Directory.File file = directory.open(logName());
        log = file;
        file.truncate(logBytes);
        file.sync();
        directory.sync();
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /**
     * Takes events; when this returns, they are durable, with one sync for all of them.
     *
     * @param events not earlier than the ones before
     * @return what follows from them, in order
     * @throws IOException if the storage fails; the campaign has then to be opened again
     * @throws IllegalArgumentException if an event is too long or refused by the campaign
     */
    public List<CampaignDecision> step(List<CampaignEvent> events) throws IOException {
        Directory.File file = requireOpen();
        List<CampaignDecision> made = new ArrayList<>();
        ByteBuffer out = ByteBuffer.allocate(events.size() * (FRAME + EventCodec.MAX_BYTES));
        for (CampaignEvent event : events) {
            byte[] bytes = EventCodec.encode(event);
            made.addAll(campaign.step(event));
            out.putShort((short) bytes.length).put(bytes).putInt(crc(bytes));
        }
        out.flip();
        int length = out.remaining();
        file.write(logBytes, out);
        logBytes += length;
        if (!mutants.contains(Mutant.NO_LOG_SYNC)) {
            file.sync();
        }
        decisions += made.size();
        return made;
    }

    private Directory.File requireOpen() throws IOException {
        if (log == null) {
            throw new IOException("the journal of " + name + " is closed");
        }
        return log;
    }

    /**
     * Writes a snapshot, so that the log before it is not needed any more.
     *
     * @throws IOException if the storage fails; the old checkpoint then stays
     */
    public void checkpoint() throws IOException {
        Directory.File old = requireOpen();
        String oldLog = logName();
        if (mutants.contains(Mutant.LOG_DELETED_FIRST)) {
            directory.delete(oldLog);
            directory.sync();
        }
        byte[] snapshot = campaign.snapshot();
        ByteBuffer out = ByteBuffer.allocate(HEADER + snapshot.length);
        out.putLong(checkpoints + 1).putLong(decisions).put(snapshot).flip();
        try (Directory.File file = directory.open(name + ".new")) {
            file.truncate(0);
            file.write(0, out);
            if (!mutants.contains(Mutant.NO_CHECKPOINT_SYNC)) {
                file.sync();
            }
        }
        directory.rename(name + ".new", name + ".checkpoint");
        directory.sync();
        checkpoints++;
        log = directory.open(logName());
        logBytes = 0;
        directory.sync();
        old.close();
        directory.delete(oldLog);
    }

    private static byte[] readAll(Directory directory, String file) throws IOException {
        Optional<Directory.File> opened = directory.read(file);
        if (opened.isEmpty()) {
            return new byte[0];
        }
        try (Directory.File in = opened.get()) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(in.sizeBytes()));
            while (bytes.hasRemaining()) {
                ByteBuffer part = bytes.slice(bytes.position(), Math.min(READ_BYTES, bytes.remaining()));
                int got = in.read(bytes.position(), part);
                if (got <= 0) {
                    break;
                }
                bytes.position(bytes.position() + got);
            }
            return Arrays.copyOf(bytes.array(), bytes.position());
        }
    }

    /**
     * The campaign as of the last event.
     *
     * @return to be read, not to be stepped
     */
    public Campaign campaign() {
        return campaign;
    }

    /**
     * Decisions that followed from events after the last checkpoint, and may have been carried out before the power
     * went.
     *
     * @return in order; the first has the number {@link #firstRecovered()}
     */
    public List<CampaignDecision> recovered() {
        return List.copyOf(recovered);
    }

    /**
     * The number of the first recovered decision.
     *
     * @return how many decisions were made before it
     */
    public long firstRecovered() {
        return firstRecovered;
    }

    /**
     * How many decisions were made in all.
     *
     * @return also the number of the next
     */
    public long decisions() {
        return decisions;
    }

    @Override
    public void close() throws IOException {
        if (log != null) {
            log.close();
            log = null;
        }
    }
}
