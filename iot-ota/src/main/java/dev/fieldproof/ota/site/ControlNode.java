package dev.fieldproof.ota.site;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.store.ArtifactStore;
import dev.fieldproof.core.store.ArtifactWrite;
import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonReader;
import dev.fieldproof.ota.record.MemoryRecordStore;
import dev.fieldproof.ota.record.RecordStore;
import dev.fieldproof.ota.record.RecordStore.Table;
import dev.fieldproof.ota.record.RecordStore.Transaction;
import dev.fieldproof.ota.tuf.Fetcher;
import dev.fieldproof.ota.tuf.TargetFile;
import dev.fieldproof.ota.tuf.TufClient;
import dev.fieldproof.ota.tuf.TufResult;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A site's own update server: fills its cache from upstream whenever there is a link, believing only verified metadata,
 * and lets waves of devices have an update when someone on site approves, link or no link. Thread-safe.
 */
public final class ControlNode {
    private static final Logger LOG = LoggerFactory.getLogger(ControlNode.class);
    private static final int COPY_BYTES = 64 * 1024;

    private final ArtifactStore store;
    private final TufClient metadata;
    private final Fetcher upstream;
    private final InstantSource clock;
    private final RecordStore records;
    private final AuditLog audit;
    private final Optional<Governance> governance;
    /** Held while the link is used; what is decided on site does not wait for it. */
    private final Lock link = new ReentrantLock();
    /** What the audit log says of the last refresh; guarded by {@code link}. */
    private String lastRefresh = "";
    /** Digest of the policy that was looked at last; guarded by {@code link}. */
    private String lastPolicy = "";

    /**
     * Makes a node that forgets its waves and its log with the process.
     *
     * @param store the cache, stays the caller's
     * @param metadata the site's trusted view of the repository
     * @param upstream brings target files
     * @param clock for the audit log
     */
    public ControlNode(ArtifactStore store, TufClient metadata, Fetcher upstream, InstantSource clock) {
        this(store, metadata, upstream, clock, new MemoryRecordStore());
    }

    /**
     * Makes a node, or goes on with one.
     *
     * @param store the cache, stays the caller's
     * @param metadata the site's trusted view of the repository
     * @param upstream brings target files
     * @param clock for the audit log
     * @param records keep waves, decisions and the audit log; stay the caller's
     */
    public ControlNode(
            ArtifactStore store, TufClient metadata, Fetcher upstream, InstantSource clock, RecordStore records) {
        this(store, metadata, upstream, clock, records, Optional.empty());
    }

    /**
     * Makes a node, or goes on with one, that approves only what upstream lets it approve.
     *
     * @param store the cache, stays the caller's
     * @param metadata the site's trusted view of the repository
     * @param upstream brings target files
     * @param clock for the audit log, and by which policies end
     * @param records keep waves, decisions and the audit log; stay the caller's
     * @param governance where the site's policy comes from; empty if the site may decide everything
     */
    public ControlNode(
            ArtifactStore store,
            TufClient metadata,
            Fetcher upstream,
            InstantSource clock,
            RecordStore records,
            Optional<Governance> governance) {
        this.governance = governance;
        this.store = store;
        this.metadata = metadata;
        this.upstream = upstream;
        this.clock = clock;
        this.records = records;
        this.audit = new AuditLog(records);
    }

    /** Whether a wave may have its update. */
    public enum Gate {
        /** Nobody decided yet. */
        WAITING,
        /** It may. */
        APPROVED,
        /** Not for now. */
        HELD
    }

    /** How an attempt to cache a target ended. */
    public sealed interface CacheResult {
        /**
         * The target is in the cache.
         *
         * @param digest under which it is served
         * @param fetchedBytes how much came over the link this time
         */
        record Cached(Digest digest, long fetchedBytes) implements CacheResult {}

        /**
         * The target is not to be believed, or not there.
         *
         * @param refused why
         */
        record Refused(TufResult.Refused refused) implements CacheResult {}

        /**
         * The link broke; what came is kept for the next attempt.
         *
         * @param haveBytes how much is there
         */
        record Interrupted(long haveBytes) implements CacheResult {}

        /** The target's bytes are not what its metadata says; they were discarded. */
        record WrongContent() implements CacheResult {}
    }

    /**
     * Refreshes the trusted metadata.
     *
     * @return how it ended
     * @throws IOException if the trusted store fails
     */
    public TufResult refresh() throws IOException {
        link.lock();
        try {
            TufResult result = metadata.refresh();
            String said = "refresh: " + result;
            // Once, and not every time that there is nothing new.
            if (!said.equals(lastRefresh)) {
                record("node", said);
                lastRefresh = said;
            }
            return result;
        } finally {
            link.unlock();
        }
    }

    /**
     * Brings a target into the cache, going on where an earlier attempt broke off.
     *
     * @param targetPath which target
     * @return how it ended
     * @throws IOException if the storage fails
     * @throws IllegalStateException if the last refresh did not succeed
     */
    public CacheResult cache(String targetPath) throws IOException {
        link.lock();
        try {
            TufResult found = metadata.lookup(targetPath);
            if (found instanceof TufResult.Refused refused) {
                return new CacheResult.Refused(refused);
            }
            TargetFile target = ((TufResult.Found) found).target();
            Optional<Digest> digest = target.sha256();
            if (digest.isEmpty()) {
                throw new IOException("the target " + targetPath + " has no SHA-256 to be cached under");
            }
            CacheResult result = fill(target, digest.get());
            record("node", "cache " + targetPath + ": " + result);
            return result;
        } finally {
            link.unlock();
        }
    }

    private CacheResult fill(TargetFile target, Digest digest) throws IOException {
        try (ArtifactWrite write = store.write(digest, target.lengthBytes())) {
            long have = write.offsetBytes();
            if (have < target.lengthBytes()) {
                if (!transfer(target, write)) {
                    return new CacheResult.Interrupted(write.offsetBytes());
                }
            }
            return write.commit() == ArtifactWrite.Result.COMMITTED
                    ? new CacheResult.Cached(digest, target.lengthBytes() - have)
                    : new CacheResult.WrongContent();
        }
    }

    /** Whether all came; a failure of the storage is thrown, one of the link is not. */
    private boolean transfer(TargetFile target, ArtifactWrite write) throws IOException {
        byte[] buffer = new byte[COPY_BYTES];
        try (InputStream in = open(target, write.offsetBytes())) {
            while (write.offsetBytes() < target.lengthBytes()) {
                int got;
                try {
                    got = in.read(buffer, 0, (int) Math.min(buffer.length, target.lengthBytes() - write.offsetBytes()));
                } catch (IOException e) {
                    throw new LinkLost(e);
                }
                if (got < 0) {
                    return false;
                }
                write.append(ByteBuffer.wrap(buffer, 0, got));
            }
            return true;
        } catch (LinkLost | EOFException e) {
            LOG.info("the link broke {} bytes into {}: {}", write.offsetBytes(), target.path(), e.getMessage());
            return false;
        }
    }

    private InputStream open(TargetFile target, long offsetBytes) throws LinkLost {
        String path = metadata.location(target);
        try {
            return upstream.open(path, offsetBytes)
                    .orElseThrow(() -> new LinkLost(new IOException("upstream does not have " + path)));
        } catch (LinkLost e) {
            throw e;
        } catch (IOException e) {
            throw new LinkLost(e);
        }
    }

    /** Sets failures of the link apart from those of the storage. */
    private static final class LinkLost extends IOException {
        private static final long serialVersionUID = 1L;

        LinkLost(IOException cause) {
            super(cause);
        }
    }

    /**
     * Announces a wave; it waits for someone to decide. One that was announced before stays as it is.
     *
     * @param wave its name
     * @throws IOException if the storage fails
     */
    public void stage(String wave) throws IOException {
        records.transact(transaction -> {
            stage(transaction, wave);
            return true;
        });
    }

    /** Announces a wave within a transaction. */
    void stage(Transaction transaction, String wave) throws IOException {
        stage(transaction, wave, Gate.WAITING);
    }

    /** Announces a wave that was approved with the order of its rollout, unless it is known; it can be held. */
    void begin(Transaction transaction, String wave) throws IOException {
        Verdict verdict = governance.isEmpty()
                ? new Verdict.Granted()
                : governance.get().judge(transaction, wave, Governance.ANYONE, clock.instant());
        stage(transaction, wave, verdict instanceof Verdict.Refused ? Gate.HELD : Gate.APPROVED);
        if (verdict instanceof Verdict.Refused refused) {
            refused(transaction, "node", wave, refused);
        }
    }

    private void refused(Transaction transaction, String who, String wave, Verdict.Refused refused) throws IOException {
        String line = "may not approve " + wave + " (" + refused.rule() + "): " + refused.reason();
        AuditLog.add(transaction, clock.instant(), who, line);
    }

    private void stage(Transaction transaction, String wave, Gate gate) throws IOException {
        if (transaction.get(Table.WAVE, wave).isEmpty()) {
            int number = transaction.list(Table.WAVE, "", RecordStore.MAX_LIST).size();
            transaction.put(Table.WAVE, wave, new Wave(number, gate, Governance.ANYONE).json());
            String how = gate == Gate.WAITING ? "stage " : "begin ";
            AuditLog.add(transaction, clock.instant(), "node", how + wave);
        }
    }

    /** A wave, with how many were announced before it, and who decided last. */
    private record Wave(long number, Gate gate, String who) {
        String json() {
            return JsonObject.builder()
                    .put("number", number)
                    .put("gate", gate.name())
                    .put("who", who)
                    .build()
                    .toString();
        }

        static Wave of(String json) throws IOException {
            try {
                JsonObject object = JsonReader.object(json.getBytes(StandardCharsets.UTF_8));
                String who = object.optionalText("who").orElse(Governance.ANYONE); // older releases kept none
                return new Wave(object.whole("number", 0), Gate.valueOf(object.text("gate")), who);
            } catch (JsonException | IllegalArgumentException e) {
                throw new IOException("a damaged record of a wave", e);
            }
        }
    }

    /**
     * Decides about a wave; when this returns, the decision and its line in the audit log are durable. To hold one is
     * always allowed.
     *
     * @param wave its name
     * @param gate approved or held
     * @param who decided
     * @return whether it was decided; a refusal by the site's policy changes nothing but the audit log
     * @throws IOException if the storage fails
     * @throws IllegalArgumentException if there is no such wave
     */
    public Verdict decide(String wave, Gate gate, String who) throws IOException {
        return records.transact(transaction -> {
            Optional<String> known = wave.isEmpty() ? Optional.empty() : transaction.get(Table.WAVE, wave);
            if (known.isEmpty()) {
                throw new IllegalArgumentException("no wave '" + wave + "'");
            }
            if (gate == Gate.APPROVED && governance.isPresent()) {
                Verdict verdict = governance.get().judge(transaction, wave, who, clock.instant());
                if (verdict instanceof Verdict.Refused refused) {
                    refused(transaction, who, wave, refused);
                    return verdict;
                }
            }
            long number = Wave.of(known.get()).number();
            transaction.put(Table.WAVE, wave, new Wave(number, gate, who).json());
            AuditLog.add(transaction, clock.instant(), who, gate + " " + wave);
            return new Verdict.Granted();
        });
    }

    /**
     * Whether the site's policy lets someone order a rollout: as far as its phases begin without an approval.
     *
     * @param order what is wanted
     * @param who wants it
     * @return granted, or which rule is broken
     * @throws IOException if the storage fails
     */
    public Verdict judge(RolloutOrder order, String who) throws IOException {
        return governance.isEmpty()
                ? new Verdict.Granted()
                : records.transact(transaction -> governance.get().judge(transaction, order, who, clock.instant()));
    }

    /**
     * Takes over the site's policy as the trusted metadata has it now. A wave that was approved and that a new policy
     * does not allow is held.
     *
     * @return what is wrong with it, for people; empty if all is well, or the site has no policy
     * @throws IOException if the storage fails
     * @throws IllegalStateException if the last refresh did not succeed
     */
    public Optional<String> takePolicy() throws IOException {
        if (governance.isEmpty()) {
            return Optional.empty();
        }
        String target = governance.get().target();
        link.lock();
        try {
            TufResult found = metadata.lookup(target);
            if (!(found instanceof TufResult.Found it)) {
                return Optional.of(target + ": " + found);
            }
            Optional<Digest> digest = it.target().sha256();
            if (digest.isEmpty() || it.target().lengthBytes() > SitePolicy.MAX_BYTES) {
                return Optional.of(target + ": no SHA-256, or larger than " + SitePolicy.MAX_BYTES + " bytes");
            }
            if (digest.get().hex().equals(lastPolicy)) {
                return Optional.empty();
            }
            if (!(fill(it.target(), digest.get()) instanceof CacheResult.Cached)) {
                return Optional.of(target + " could not be fetched");
            }
            try (InputStream in = Channels.newInputStream(store.read(digest.get(), 0))) {
                adopt(SitePolicy.parse(in.readAllBytes()));
            }
            lastPolicy = digest.get().hex();
            return Optional.empty();
        } catch (MalformedPolicyException e) {
            return Optional.of(target + " is no policy: " + e.getMessage());
        } finally {
            link.unlock();
        }
    }

    private void adopt(SitePolicy policy) throws IOException {
        records.transact(transaction -> {
            if (!Governance.keep(transaction, policy)) {
                return false;
            }
            AuditLog.add(
                    transaction,
                    clock.instant(),
                    "node",
                    "policy " + policy.version() + " of " + policy.site() + " until " + policy.until());
            for (RecordStore.Entry entry : transaction.list(Table.WAVE, "", RecordStore.MAX_LIST)) {
                Wave wave = Wave.of(entry.json());
                if (wave.gate() == Gate.APPROVED
                        && governance.orElseThrow().judge(transaction, entry.key(), wave.who(), clock.instant())
                                instanceof Verdict.Refused refused) {
                    transaction.put(Table.WAVE, entry.key(), new Wave(wave.number(), Gate.HELD, "policy").json());
                    refused(transaction, wave.who().isEmpty() ? "node" : wave.who(), entry.key(), refused);
                }
            }
            return true;
        });
    }

    /** As it was decided, as long as the site's policy holds; what was approved is held when it ends. */
    private Gate effective(Transaction transaction, Gate decided) throws IOException {
        return decided == Gate.APPROVED
                        && governance.isPresent()
                        && governance.get().holds(transaction, clock.instant()) instanceof Verdict.Refused
                ? Gate.HELD
                : decided;
    }

    /**
     * The state of a wave.
     *
     * @param wave its name
     * @return {@link Gate#WAITING} for one never heard of; {@link Gate#HELD} while the site's policy is over
     * @throws IOException if the storage fails
     */
    public Gate gate(String wave) throws IOException {
        return records.transact(transaction -> {
            Optional<String> known = transaction.get(Table.WAVE, wave);
            return known.isEmpty()
                    ? Gate.WAITING
                    : effective(transaction, Wave.of(known.get()).gate());
        });
    }

    /**
     * Every wave.
     *
     * @return its state by its name, in the order they were staged
     * @throws IOException if the storage fails
     */
    public Map<String, Gate> waves() throws IOException {
        return records.transact(transaction -> {
            Map<Long, RecordStore.Entry> ordered = new TreeMap<>();
            for (RecordStore.Entry entry : transaction.list(Table.WAVE, "", RecordStore.MAX_LIST)) {
                ordered.put(Wave.of(entry.json()).number(), entry);
            }
            Map<String, Gate> waves = new LinkedHashMap<>();
            for (RecordStore.Entry entry : ordered.values()) {
                waves.put(
                        entry.key(),
                        effective(transaction, Wave.of(entry.json()).gate()));
            }
            return Collections.unmodifiableMap(waves);
        });
    }

    /** Puts what happened elsewhere at the node into its log. */
    void record(String who, String what) throws IOException {
        records.transact(transaction -> {
            AuditLog.add(transaction, clock.instant(), who, what);
            return true;
        });
    }

    RecordStore records() {
        return records;
    }

    InstantSource clock() {
        return clock;
    }

    /** Opens an artifact of the cache. */
    ReadableByteChannel open(Digest digest, long offsetBytes) throws IOException {
        return store.read(digest, offsetBytes);
    }

    /**
     * Serves a device of a wave.
     *
     * @param wave the device's
     * @param digest which artifact
     * @param offsetBytes where to begin
     * @return the bytes, to be closed by the caller; empty while the wave is not approved
     * @throws IOException if it is not in the cache, or the storage fails
     */
    public Optional<ReadableByteChannel> serve(String wave, Digest digest, long offsetBytes) throws IOException {
        return gate(wave) == Gate.APPROVED ? Optional.of(store.read(digest, offsetBytes)) : Optional.empty();
    }

    /**
     * Who did what.
     *
     * @return the log
     */
    public AuditLog audit() {
        return audit;
    }
}
