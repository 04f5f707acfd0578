package dev.fieldproof.ota.rollout;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Campaign events as bytes: kind, time, device, and what belongs to the kind. */
final class EventCodec {
    static final int MAX_BYTES = 512;

    private static final int TICK = 0;
    private static final int RESTARTING = 1;
    private static final int HEALTHY = 2;
    private static final int FAILED = 3;
    private static final int CONDITIONS = 4;
    private static final int UPGRADED = 5;
    private static final int APPROVED = 6;
    private static final int PAUSED = 7;
    private static final int RESUMED = 8;
    private static final int CANCELLED = 9;
    private static final int MAX_NAME_BYTES = 255;

    private EventCodec() {}

    static byte[] encode(CampaignEvent event) {
        ByteBuffer out = ByteBuffer.allocate(MAX_BYTES);
        out.put((byte) kind(event)).putLong(event.atMillis());
        if (event.device() != CampaignEvent.NO_DEVICE) {
            out.putInt(event.device());
        }
        if (event instanceof CampaignEvent.Conditions conditions) {
            out.putInt(conditions.batteryPercent());
            out.put((byte) ((conditions.mains() ? 1 : 0) | (conditions.solarSurplus() ? 2 : 0)));
            out.putInt(conditions.signalDbm());
        } else if (event instanceof CampaignEvent.Upgraded upgraded) {
            out.putInt(upgraded.version());
        }
        byte[] who = who(event).getBytes(StandardCharsets.UTF_8);
        if (who.length > MAX_NAME_BYTES) {
            throw new IllegalArgumentException("a name of " + who.length + " bytes");
        }
        out.put(who);
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    private static int kind(CampaignEvent event) {
        if (event instanceof CampaignEvent.Tick) {
            return TICK;
        } else if (event instanceof CampaignEvent.Restarting) {
            return RESTARTING;
        } else if (event instanceof CampaignEvent.Reported report) {
            return report.healthy() ? HEALTHY : FAILED;
        } else if (event instanceof CampaignEvent.Conditions) {
            return CONDITIONS;
        } else if (event instanceof CampaignEvent.Upgraded) {
            return UPGRADED;
        } else if (event instanceof CampaignEvent.Approved) {
            return APPROVED;
        } else if (event instanceof CampaignEvent.Paused) {
            return PAUSED;
        }
        return event instanceof CampaignEvent.Resumed ? RESUMED : CANCELLED;
    }

    private static String who(CampaignEvent event) {
        if (event instanceof CampaignEvent.Approved approved) {
            return approved.who();
        } else if (event instanceof CampaignEvent.Paused paused) {
            return paused.who();
        } else if (event instanceof CampaignEvent.Resumed resumed) {
            return resumed.who();
        }
        return event instanceof CampaignEvent.Cancelled cancelled ? cancelled.who() : "";
    }

    /** Reads one event; empty if the bytes are none. */
    static Optional<CampaignEvent> decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            int kind = in.get();
            long at = in.getLong();
            CampaignEvent event = switch (kind) {
                case TICK -> new CampaignEvent.Tick(at);
                case RESTARTING -> new CampaignEvent.Restarting(at, in.getInt());
                case HEALTHY -> new CampaignEvent.Reported(at, in.getInt(), true);
                case FAILED -> new CampaignEvent.Reported(at, in.getInt(), false);
                case CONDITIONS -> conditions(at, in);
                case UPGRADED -> new CampaignEvent.Upgraded(at, in.getInt(), in.getInt());
                case APPROVED -> new CampaignEvent.Approved(at, rest(in));
                case PAUSED -> new CampaignEvent.Paused(at, rest(in));
                case RESUMED -> new CampaignEvent.Resumed(at, rest(in));
                case CANCELLED -> new CampaignEvent.Cancelled(at, rest(in));
                default -> null;
            };
            return event == null || in.hasRemaining() ? Optional.empty() : Optional.of(event);
        } catch (BufferUnderflowException e) {
            return Optional.empty();
        }
    }

    private static CampaignEvent conditions(long at, ByteBuffer in) {
        int device = in.getInt();
        int battery = in.getInt();
        int flags = in.get();
        return new CampaignEvent.Conditions(at, device, battery, (flags & 1) != 0, (flags & 2) != 0, in.getInt());
    }

    private static String rest(ByteBuffer in) {
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
