package dev.fieldproof.crdt.sync;

import dev.fieldproof.crdt.Delta;
import dev.fieldproof.crdt.LwwMap;
import dev.fieldproof.crdt.MapDigest;
import dev.fieldproof.crdt.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Finds out, for two replicas without a common log, which keys differ, and makes both sides equal: the asker's part and
 * the answerer's. The answerer keeps nothing between messages. An undetected failure takes two different maps of one
 * digest: 2^-64 for each reconciliation. Not thread-safe; to be used with the replica's monitor held.
 */
final class Reconciler {
    static final int MAX_GROUPS = 1 << 12;
    static final int MAX_CAPACITY = 1 << 12;
    /** Differing keys that the first answer's sums can find, and two sums more to check. */
    private static final int FIRST_CAPACITY = 16;

    private static final int FIRST_CHECKS = 2;
    private static final int GROUP_SIZE = 250;

    private final LwwMap map;
    private final int maxMessageBytes;
    private boolean asking;
    private int salt;
    private int marginPercent;
    private Version peer = Version.NONE;
    private Optional<SyncMessage.Compared> compared = Optional.empty();
    private int[][] groups = new int[0][];

    Reconciler(LwwMap map, int maxMessageBytes) {
        this.map = map;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** What a message led to. */
    enum Progress {
        /** More is to come. */
        UNDER_WAY,
        /** Both sides are equal. */
        EQUAL,
        /** The sums did not suffice; to be asked again with another salt. */
        FAILED,
        /** So much differs that everything is cheaper. */
        TOO_DIFFERENT
    }

    /** Begins as the asker; {@code attempt} counts from 1 and widens the margin. */
    SyncMessage ask(int newSalt, Version peerVersion, int attempt) {
        asking = true;
        salt = newSalt;
        marginPercent = 35 + 30 * (attempt - 1);
        peer = peerVersion;
        compared = Optional.empty();
        groups = new int[0][];
        return new SyncMessage.Ask(salt, map.entryCount(), digest(salt).whole());
    }

    /** Takes a message of either part, and puts what is to be sent into {@code out}. */
    Progress receive(SyncMessage message, List<SyncMessage> out) {
        if (message instanceof SyncMessage.Ask ask) {
            out.add(answer(ask));
        } else if (message instanceof SyncMessage.AskMore ask) {
            answerMore(ask, out);
        } else if (asking && message instanceof SyncMessage.Answer answer && answer.salt() == salt) {
            return answered(answer, out);
        } else if (asking && message instanceof SyncMessage.Groups part && part.salt() == salt) {
            return grouped(part, out);
        } else if (asking && message instanceof SyncMessage.Compared now && now.salt() == salt) {
            compared = Optional.of(now);
            return merged();
        }
        return Progress.UNDER_WAY;
    }

    /** Whether the entries merged meanwhile make both sides equal. */
    Progress merged() {
        if (!asking
                || compared.isEmpty()
                || compared.get().digest() != digest(salt).whole()) {
            return Progress.UNDER_WAY;
        }
        return equal();
    }

    /** What the answerer says after it has merged a {@link SyncMessage.Compare}; {@code later} was found before. */
    void answerCompare(SyncMessage.Compare compare, int[] later, List<SyncMessage> out) {
        int[] keys = IntStream.concat(Arrays.stream(later), Arrays.stream(compare.absent()))
                .sorted()
                .toArray();
        for (Delta part : parts(keys)) {
            out.add(new SyncMessage.Changes(part));
        }
        if (compare.last()) {
            out.add(new SyncMessage.Compared(
                    compare.salt(), digest(compare.salt()).whole()));
        }
    }

    private MapDigest digest(int of) {
        return new MapDigest(map, of);
    }

    private Progress equal() {
        asking = false;
        map.confirm(peer);
        return Progress.EQUAL;
    }

    private static int weight(long digest) {
        return digest == 0 ? 0 : 1 + (int) Long.remainderUnsigned(digest, Field.P - 1);
    }

    private SyncMessage answer(SyncMessage.Ask ask) {
        MapDigest digest = digest(ask.salt());
        int[] sums = new int[PowerSums.countFor(FIRST_CAPACITY, FIRST_CHECKS)];
        Estimator coarse = Estimator.coarse();
        long whole = 0;
        for (int key = 0; key < map.keys().size(); key++) {
            long of = digest.of(key);
            whole += of;
            if (of != 0) {
                PowerSums.add(sums, key, weight(of));
                coarse.toggle(of);
            }
        }
        return whole == ask.digest()
                ? new SyncMessage.Answer(ask.salt(), whole, new int[0], new byte[0])
                : new SyncMessage.Answer(ask.salt(), whole, sums, coarse.bits);
    }

    private Progress answered(SyncMessage.Answer answer, List<SyncMessage> out) {
        SyncMessage.Answer mine = (SyncMessage.Answer) answer(new SyncMessage.Ask(salt, 0, ~answer.digest()));
        if (mine.digest() == answer.digest()) {
            return equal();
        } else if (answer.sums().length != mine.sums().length) {
            return Progress.FAILED;
        }
        int[] difference = PowerSums.difference(answer.sums(), mine.sums());
        int[] all = IntStream.range(0, map.keys().size()).toArray();
        Optional<int[]> keys = PowerSums.decode(difference, FIRST_CAPACITY, all);
        if (keys.isPresent()) {
            compare(keys.get(), out);
            return Progress.UNDER_WAY;
        }
        int about = Estimator.coarse(answer.coarse()).differing(Estimator.coarse(mine.coarse()));
        // Six and a half bytes for each differing key, against five for each key there is.
        if (about * 6.5 > map.entryCount() * 5.0 / 4) {
            return Progress.TOO_DIFFERENT;
        }
        Estimator fine = Estimator.fine(Math.max(about, FIRST_CAPACITY));
        toggleAll(fine, digest(salt));
        out.add(new SyncMessage.AskMore(salt, marginPercent, fine.firstLevel, fine.bits));
        return Progress.UNDER_WAY;
    }

    private void toggleAll(Estimator estimator, MapDigest digest) {
        for (int key = 0; key < map.keys().size(); key++) {
            long of = digest.of(key);
            if (of != 0) {
                estimator.toggle(of);
            }
        }
    }

    private static int groupOf(int key, int ofSalt, int count) {
        long mixed = (key + 1L) * 0x9E37_79B9_7F4A_7C15L + ofSalt;
        mixed = (mixed ^ mixed >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D0_49BB_1331_11EBL;
        return (int) (((mixed >>> 33) * count) >>> 31);
    }

    private void answerMore(SyncMessage.AskMore ask, List<SyncMessage> out) {
        Estimator theirs = Estimator.fine(ask.firstLevel(), ask.fine());
        Estimator mine = theirs.emptied();
        MapDigest digest = digest(ask.salt());
        toggleAll(mine, digest);
        int about = Math.min(theirs.differing(mine), map.entryCount());
        double provide = about * (1 + ask.marginPercent() / 100.0) + (about < 100 ? 6 : 0);
        int count = Math.min(MAX_GROUPS, Math.max(1, (int) Math.round((double) about / GROUP_SIZE)));
        double each = provide / count;
        int capacity = (int) Math.min(MAX_CAPACITY, Math.ceil(count == 1 ? each + 2 : each + 1.3 * Math.sqrt(each)));
        int[][] sums = sums(digest, ask.salt(), count, capacity);
        int perMessage = Math.max(1, maxMessageBytes / (3 * sums[0].length));
        for (int first = 0; first < count; first += perMessage) {
            int[] part = Arrays.stream(sums, first, Math.min(count, first + perMessage))
                    .flatMapToInt(Arrays::stream)
                    .toArray();
            out.add(new SyncMessage.Groups(ask.salt(), count, capacity, first, part));
        }
    }

    private int[][] sums(MapDigest digest, int ofSalt, int count, int capacity) {
        int[][] sums = new int[count][PowerSums.countFor(capacity, 1)];
        for (int key = 0; key < map.keys().size(); key++) {
            long of = digest.of(key);
            if (of != 0) {
                PowerSums.add(sums[groupOf(key, ofSalt, count)], key, weight(of));
            }
        }
        return sums;
    }

    private Progress grouped(SyncMessage.Groups part, List<SyncMessage> out) {
        if (groups.length != part.groups()) {
            groups = new int[part.groups()][];
        }
        int length = PowerSums.countFor(part.capacity(), 1);
        for (int i = 0; i < part.sums().length / length; i++) {
            groups[part.first() + i] = Arrays.copyOfRange(part.sums(), i * length, (i + 1) * length);
        }
        for (int[] group : groups) {
            if (group == null || group.length != length) {
                return Progress.UNDER_WAY;
            }
        }
        int[][] mine = sums(digest(salt), salt, groups.length, part.capacity());
        int[] found = new int[0];
        for (int g = 0; g < groups.length; g++) {
            int group = g;
            int[] candidates = IntStream.range(0, map.keys().size())
                    .filter(key -> groupOf(key, salt, groups.length) == group)
                    .toArray();
            int[] difference = PowerSums.difference(groups[g], mine[g]);
            Optional<int[]> keys = PowerSums.decode(difference, part.capacity(), candidates);
            if (keys.isEmpty()) {
                return Progress.FAILED;
            }
            found = IntStream.concat(Arrays.stream(found), Arrays.stream(keys.get()))
                    .toArray();
        }
        Arrays.sort(found);
        compare(found, out);
        return Progress.UNDER_WAY;
    }

    private void compare(int[] keys, List<SyncMessage> out) {
        int[] absent =
                Arrays.stream(keys).filter(key -> map.entry(key).isEmpty()).toArray();
        List<Delta> parts = parts(keys);
        for (int i = 0; i < parts.size(); i++) {
            boolean last = i == parts.size() - 1;
            out.add(new SyncMessage.Compare(salt, last ? absent : new int[0], last, parts.get(i)));
        }
    }

    /** The entries of some keys, in messages that are not too long; at least one. */
    private List<Delta> parts(int[] keys) {
        List<Delta> parts = new ArrayList<>();
        int from = 0;
        do {
            int to = keys.length;
            Delta part = map.deltaOf(Arrays.copyOfRange(keys, from, to));
            while (part.sizeBytes() > maxMessageBytes && to - from > 1) {
                to = from + (int) Math.max(1, (long) (to - from) * maxMessageBytes / part.sizeBytes() * 9 / 10);
                part = map.deltaOf(Arrays.copyOfRange(keys, from, to));
            }
            parts.add(part);
            from = to;
        } while (from < keys.length);
        return parts;
    }
}
