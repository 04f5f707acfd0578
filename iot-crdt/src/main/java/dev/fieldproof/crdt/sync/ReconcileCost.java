package dev.fieldproof.crdt.sync;

import dev.fieldproof.crdt.LwwMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What it takes to find out in which keys two replicas in one process differ, and makes them equal on the way: a dry
 * run of a reconciliation, to choose sizes by. Immutable.
 *
 * @param equal whether both are equal now; otherwise a link would try again or send everything
 * @param sketchBytes bytes of the messages that find the keys; the entries themselves and the last word not counted
 * @param sketchTrips round trips of these
 */
public record ReconcileCost(boolean equal, int sketchBytes, int sketchTrips) {
    private static final int WIDE = 1 << 20;
    /** The last message tells the digest after the entries have come. */
    private static final int LAST_WORD_BYTES = 13;

    /**
     * Reconciles.
     *
     * @param asker merged into, and asks
     * @param answerer merged into, and answers
     * @param salt drawn for this reconciliation
     * @return the cost
     */
    public static ReconcileCost of(LwwMap asker, LwwMap answerer, int salt) {
        Reconciler a = new Reconciler(asker, WIDE);
        Reconciler b = new Reconciler(answerer, WIDE);
        int bytes = 0;
        int trips = 0;
        ArrayDeque<SyncMessage> toB = new ArrayDeque<>(List.of(a.ask(salt, answerer.version(), 1)));
        ArrayDeque<SyncMessage> toA = new ArrayDeque<>();
        Reconciler.Progress progress = Reconciler.Progress.UNDER_WAY;
        while (progress == Reconciler.Progress.UNDER_WAY && !(toA.isEmpty() && toB.isEmpty())) {
            List<SyncMessage> out = new ArrayList<>();
            SyncMessage message = toB.isEmpty() ? toA.remove() : toB.remove();
            if (message instanceof SyncMessage.Compare compare) {
                int[] later = answerer.laterThan(compare.delta());
                answerer.apply(compare.delta());
                b.answerCompare(compare, later, out);
                toA.addAll(out);
            } else if (message instanceof SyncMessage.Changes changes) {
                asker.apply(changes.delta());
                progress = a.merged();
            } else if (message instanceof SyncMessage.Ask || message instanceof SyncMessage.AskMore) {
                bytes += SyncCodec.encode(message).length;
                trips++;
                b.receive(message, out);
                toA.addAll(out);
            } else {
                bytes += SyncCodec.encode(message).length
                        - (message instanceof SyncMessage.Compared ? LAST_WORD_BYTES : 0);
                progress = a.receive(message, out);
                toB.addAll(out);
            }
        }
        return new ReconcileCost(progress == Reconciler.Progress.EQUAL, bytes, trips);
    }
}
