package dev.fieldproof.ota.rollout;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/** Everything a campaign remembers, in arrays, so that a million devices fit and a snapshot is a copy. */
final class CampaignState {
    static final int WAITING = 0;
    static final int DEFERRED = 1;
    static final int PARKED = 2;
    static final int RETRYING = 3;
    static final int OFFERED = 4;
    static final int RESTARTING = 5;
    static final int HEALTHY = 6;
    static final int FAILED = 7;
    static final int SILENT = 8;
    static final int SKIPPED = 9;
    static final int REVERTING = 10;
    static final int REVERTED = 11;
    private static final int STATES = 12;

    static final int RHYTHMS = 8;
    static final int READY_LIST = 0;
    static final int OFFERED_LIST = 1;
    static final int RETRY_LIST = 2;
    static final int BUDGET_LIST = 3;
    static final int RESTARTING_LIST = 4;
    static final int ZONE_LISTS = RESTARTING_LIST + RHYTHMS;

    private static final int MAGIC = 0x43414d32; // "CAM2"
    private static final int SCALARS = 256;

    private final int devices;
    private final int[] order;
    final DeviceCells cells;
    private final int zones;
    private final int[] spent;
    private final int[] counts = new int[STATES];
    final int[] failures = new int[4];
    final double[] wealth = new double[4];

    long startMillis = Long.MIN_VALUE;
    long nowMillis;
    private int seconds;
    private long hour = Long.MIN_VALUE;
    double tokens;
    int phase = -1;
    private int cursor;
    private int revertCursor;
    int offered;
    int watched;
    int settled;
    int parked;
    int reverted;
    boolean approved;
    boolean asked;
    boolean paused;
    boolean ended;
    boolean stopped;
    boolean reverting;

    CampaignState(CampaignPlan plan, Fleet fleet) {
        devices = plan.devices();
        zones = fleet.zoneIds().size();
        cells = new DeviceCells(fleet, ZONE_LISTS + zones);
        order = fleet.representativeOrder(devices, plan.seed());
        spent = new int[fleet.siteCount()];
        counts[WAITING] = devices;
    }

    int state(int device) {
        return cells.state(device);
    }

    int attempts(int device) {
        return cells.attempts(device);
    }

    int count(int state) {
        return counts[state];
    }

    /** Seconds that a device has been in its list. */
    long age(int device) {
        return (long) seconds - cells.since(device);
    }

    void at(long now) {
        nowMillis = now;
        seconds = (int) ((now - startMillis) / 1000);
    }

    private void set(int device, int state) {
        int before = state(device);
        cells.state(device, state);
        if (device < devices) {
            counts[before]--;
            counts[state]++;
            settled += (isSettled(state) ? 1 : 0) - (isSettled(before) ? 1 : 0);
            parked += (state == PARKED ? 1 : 0) - (before == PARKED ? 1 : 0);
        }
    }

    private static boolean isSettled(int state) {
        return state >= HEALTHY;
    }

    private void enlist(int device, int list) {
        cells.moveToEnd(device, list, seconds);
    }

    /** The next device that may be looked at: one that waited for something, or the next of the order. */
    int next(int target) {
        if (!cells.isEmpty(READY_LIST)) {
            int device = cells.first(READY_LIST);
            cells.remove(device);
            return device;
        }
        while (cursor < target) {
            int device = order[cursor++];
            if (state(device) == WAITING) {
                return device;
            }
        }
        return -1;
    }

    void offer(int device) {
        if (attempts(device) == 0) {
            offered++;
        }
        cells.addAttempt(device);
        set(device, OFFERED);
        enlist(device, OFFERED_LIST);
    }

    void restarting(int device) {
        set(device, RESTARTING);
        enlist(device, RESTARTING_LIST + cells.rhythm(device));
    }

    void settle(int device, int state) {
        cells.remove(device);
        set(device, state);
    }

    void failOrRetry(int device, int maxAttempts) {
        if (device < devices && !ended && attempts(device) < maxAttempts) {
            set(device, RETRYING);
            enlist(device, RETRY_LIST);
        } else {
            settle(device, FAILED);
        }
    }

    void defer(int device, int list) {
        set(device, DEFERRED);
        enlist(device, list);
    }

    void park(int device) {
        set(device, PARKED);
        cells.remove(device);
    }

    void unpark(int device) {
        if (state(device) == PARKED) {
            defer(device, READY_LIST);
        }
    }

    void upgraded(int device, boolean enough) {
        cells.upgraded(device, enough);
        unpark(device);
    }

    boolean spend(int site, int most) {
        return spent[site] < most && ++spent[site] > 0;
    }

    /** Lets go what waited for time to pass. */
    void release(MaintenanceWindow.Opening[] openings, Conduct conduct, Fleet fleet) {
        long currentHour = Math.floorDiv(nowMillis, 3_600_000L);
        if (currentHour != hour) {
            hour = currentHour;
            Arrays.fill(spent, 0);
            cells.splice(BUDGET_LIST, READY_LIST);
        }
        for (int zone = 0; zone < zones; zone++) {
            if (!cells.isEmpty(ZONE_LISTS + zone) && openings[zone].untilMillis() <= nowMillis) {
                openings[zone] = MaintenanceWindow.openingAt(
                        conduct.windows(), fleet.zoneIds().get(zone), nowMillis);
                if (openings[zone].open()) {
                    cells.splice(ZONE_LISTS + zone, READY_LIST);
                }
            }
        }
    }

    void releaseRetries(Conduct conduct) {
        if (cells.isEmpty(RETRY_LIST)) {
            return;
        }
        long pause = conduct.retryAfter().toSeconds();
        while (!cells.isEmpty(RETRY_LIST) && age(cells.first(RETRY_LIST)) >= pause) {
            defer(cells.first(RETRY_LIST), READY_LIST);
        }
    }

    /** Leaves out every device that was not offered the update. */
    void skipRest(Consumer<CampaignDecision> decisions) {
        if (counts[WAITING] + counts[DEFERRED] + counts[PARKED] + counts[RETRYING] == 0) {
            return;
        }
        for (int device : order) {
            if (state(device) < OFFERED) {
                boolean ready = state(device) != PARKED;
                settle(device, SKIPPED);
                decisions.accept(new CampaignDecision.Skipped(
                        device, ready ? CampaignDecision.Why.DEADLINE : CampaignDecision.Why.NOT_READY));
            }
        }
    }

    /** The next device that has, or may have, the update; -1 after the last. */
    int nextToRevert() {
        while (revertCursor < devices) {
            int device = order[revertCursor++];
            int state = state(device);
            if (attempts(device) > 0 && state < SKIPPED) {
                settle(device, REVERTING);
                reverted++;
                return device;
            }
        }
        return -1;
    }

    CampaignCounts counts() {
        return new CampaignCounts(
                counts[WAITING] + counts[DEFERRED] + counts[PARKED] + counts[RETRYING],
                counts[OFFERED],
                counts[RESTARTING],
                counts[HEALTHY],
                counts[FAILED],
                counts[SILENT],
                counts[SKIPPED],
                counts[REVERTING] + counts[REVERTED]);
    }

    byte[] snapshot() {
        ByteBuffer out = ByteBuffer.allocate(snapshotBytes());
        out.putInt(MAGIC).putInt(devices).putInt(cells.size()).putInt(spent.length);
        out.putLong(startMillis).putLong(nowMillis).putLong(hour).putDouble(tokens);
        int[] numbers = {phase, cursor, revertCursor, offered, watched, settled, parked, reverted};
        for (int number : numbers) {
            out.putInt(number);
        }
        boolean[] flags = {approved, asked, paused, ended, stopped, reverting};
        for (boolean flag : flags) {
            out.put((byte) (flag ? 1 : 0));
        }
        for (double value : wealth) {
            out.putDouble(value);
        }
        Snapshots.put(out, counts);
        Snapshots.put(out, failures);
        out.position(SCALARS);
        Snapshots.put(out, spent);
        cells.write(out);
        CRC32C crc = new CRC32C();
        crc.update(out.array(), 0, out.position());
        out.putInt((int) crc.getValue());
        return out.array();
    }

    private int snapshotBytes() {
        return SCALARS + 4 * spent.length + cells.snapshotBytes() + 4;
    }

    void restore(byte[] snapshot) {
        ByteBuffer in = ByteBuffer.wrap(snapshot);
        CRC32C crc = new CRC32C();
        crc.update(snapshot, 0, Math.max(0, snapshot.length - 4));
        if (snapshot.length != snapshotBytes()
                || in.getInt(snapshot.length - 4) != (int) crc.getValue()
                || in.getInt() != MAGIC
                || in.getInt() != devices
                || in.getInt() != cells.size()
                || in.getInt() != spent.length) {
            throw new IllegalArgumentException(
                    "a snapshot of " + snapshot.length + " bytes is not of this plan and fleet");
        }
        startMillis = in.getLong();
        at(in.getLong());
        hour = in.getLong();
        tokens = in.getDouble();
        phase = in.getInt();
        cursor = in.getInt();
        revertCursor = in.getInt();
        offered = in.getInt();
        watched = in.getInt();
        settled = in.getInt();
        parked = in.getInt();
        reverted = in.getInt();
        approved = in.get() != 0;
        asked = in.get() != 0;
        paused = in.get() != 0;
        ended = in.get() != 0;
        stopped = in.get() != 0;
        reverting = in.get() != 0;
        for (int i = 0; i < wealth.length; i++) {
            wealth[i] = in.getDouble();
        }
        Snapshots.get(in, counts);
        Snapshots.get(in, failures);
        in.position(SCALARS);
        Snapshots.get(in, spent);
        cells.read(in);
    }
}
