package dev.fieldproof.ota.site;

import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonReader;
import dev.fieldproof.ota.record.RecordStore;
import dev.fieldproof.ota.record.RecordStore.Table;
import dev.fieldproof.ota.rollout.CampaignCounts;
import dev.fieldproof.ota.site.Deployments.Action;
import dev.fieldproof.ota.site.Deployments.ActionState;
import dev.fieldproof.ota.site.Deployments.Software;
import dev.fieldproof.ota.tuf.TufResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The rollouts of a site: brings what they need into the cache, tells devices phase by phase, and takes in what comes
 * of it. A device has the update, and its silence counts, from the last byte of it on; a control is well when it asks
 * for the next time. Thread-safe.
 */
public final class Rollouts {
    /** Most rollouts that a node keeps. */
    public static final int MAX_ROLLOUTS = 1000;

    private final ControlNode node;
    private final Deployments deployments;
    private final int checkpointEvery;
    private final Map<String, Entry> rollouts = new ConcurrentSkipListMap<>();

    /** What devices install, and what they go back to. */
    private record Softwares(Software update, Optional<Software> back) {}

    /** An order, and the campaign once its software is in the cache: the way back too, before anyone is told to go. */
    private record Entry(RolloutOrder order, Optional<Softwares> software, Optional<SiteRollout> campaign) {
        String json() {
            JsonObject.Builder object = order.put(JsonObject.builder());
            software.ifPresent(it ->
                    object.put("software", it.update().put(JsonObject.builder()).build()));
            software.flatMap(Softwares::back)
                    .ifPresent(it ->
                            object.put("back", it.put(JsonObject.builder()).build()));
            return object.build().toString();
        }
    }

    /**
     * How a rollout stands.
     *
     * @param order what was ordered
     * @param cached whether its software is in the cache
     * @param wave what waits at the gate or runs, empty before the first
     * @param gate how the gate stands for it
     * @param counts how the devices stand, empty until the software is in the cache
     * @param completed whether every device was heard of, or fell silent
     * @param stopped why it stopped, if it did
     * @param reverting whether devices are still being told to go back
     */
    public record Standing(
            RolloutOrder order,
            boolean cached,
            String wave,
            ControlNode.Gate gate,
            Optional<CampaignCounts> counts,
            boolean completed,
            Optional<String> stopped,
            boolean reverting) {}

    /**
     * Goes on with what the node's records hold.
     *
     * @param node the gate and the cache
     * @param deployments tells devices; over the same records as the node
     * @throws IOException if the storage fails, or a record is damaged
     */
    public Rollouts(ControlNode node, Deployments deployments) throws IOException {
        this(node, deployments, SiteRollout.CHECKPOINT_EVERY);
    }

    Rollouts(ControlNode node, Deployments deployments, int checkpointEvery) throws IOException {
        this.checkpointEvery = checkpointEvery;
        this.node = node;
        this.deployments = deployments;
        for (RecordStore.Entry record :
                node.records().transact(records -> records.list(Table.ROLLOUT, "", RecordStore.MAX_LIST))) {
            try {
                JsonObject object = JsonReader.object(record.json().getBytes(StandardCharsets.UTF_8));
                RolloutOrder order = RolloutOrder.of(object, List.of());
                Optional<Software> back =
                        object.has("back") ? Optional.of(Software.of(object.object("back"))) : Optional.empty();
                Optional<Softwares> software = object.has("software")
                        ? Optional.of(new Softwares(Software.of(object.object("software")), back))
                        : Optional.empty();
                rollouts.put(order.name(), entry(order, software));
            } catch (JsonException | IllegalArgumentException e) {
                throw new IOException("a damaged record of the rollout " + record.key(), e);
            }
        }
        takeUp();
    }

    private Entry entry(RolloutOrder order, Optional<Softwares> software) throws IOException {
        if (software.isEmpty()) {
            return new Entry(order, software, Optional.empty());
        }
        SiteRollout campaign = new SiteRollout(
                node,
                order.name(),
                order.plan(),
                order.names(),
                node.clock(),
                (records, device, back) -> Deployments.assign(
                        records,
                        device,
                        back
                                ? software.get().back().orElseThrow()
                                : software.get().update()),
                checkpointEvery);
        return new Entry(order, software, Optional.of(campaign));
    }

    /** Takes up outcomes that were recorded when the process ended before its campaign heard of them. */
    private void takeUp() throws IOException {
        for (Action action : deployments.actions()) {
            finished(action);
        }
    }

    /**
     * Takes an order; it begins as soon as its software is in the cache.
     *
     * @param order what is wanted
     * @param who for the audit log
     * @return false if there is a rollout of that name already; nothing changes then
     * @throws IOException if the storage fails
     * @throws IllegalArgumentException if there are too many, a device is named twice, or the site's policy does not
     *     allow it; ask {@link ControlNode#judge} before
     */
    public synchronized boolean order(RolloutOrder order, String who) throws IOException {
        if (rollouts.containsKey(order.name())) {
            return false;
        }
        if (rollouts.size() >= MAX_ROLLOUTS
                || order.names().stream().distinct().count() < order.names().size()) {
            throw new IllegalArgumentException("a device is named twice, or there are " + MAX_ROLLOUTS + " rollouts");
        }
        if (node.judge(order, who) instanceof Verdict.Refused refused) {
            throw new IllegalArgumentException("the site's policy does not allow it: " + refused.reason());
        }
        Entry entry = entry(order, Optional.empty());
        node.records().transact(records -> {
            records.put(Table.ROLLOUT, order.name(), entry.json());
            AuditLog.add(records, node.clock().instant(), who, "order " + order.name() + ": " + order.target());
            return true;
        });
        rollouts.put(order.name(), entry);
        return true;
    }

    /**
     * Ends a rollout; devices that were told already keep what they were told.
     *
     * @param name which one
     * @param who for the audit log
     * @return whether it had begun and not ended
     * @throws IOException if the storage fails
     */
    public boolean cancel(String name, String who) throws IOException {
        Entry entry = rollouts.get(name);
        if (entry == null || entry.campaign().isEmpty()) {
            return false;
        }
        SiteRollout campaign = entry.campaign().get();
        boolean runs = !campaign.completed() && campaign.stopped().isEmpty();
        campaign.cancel(who);
        return runs;
    }

    /**
     * Uses the link: refreshes the trusted metadata and fetches what rollouts wait for.
     *
     * @return what upstream refused, for people; empty if all is well
     * @throws IOException if the storage fails
     */
    public Optional<String> fill() throws IOException {
        if (node.refresh() instanceof TufResult.Refused refused) {
            return Optional.of(refused.toString());
        }
        Optional<String> trouble = node.takePolicy();
        for (Entry entry : rollouts.values()) {
            if (entry.software().isEmpty()) {
                RolloutOrder order = entry.order();
                List<String> targets = new ArrayList<>(List.of(order.target()));
                order.back().ifPresent(way -> targets.add(way.target()));
                List<ControlNode.CacheResult.Cached> cached = new ArrayList<>();
                for (String target : targets) {
                    ControlNode.CacheResult result = node.cache(target);
                    if (result instanceof ControlNode.CacheResult.Cached here) {
                        cached.add(here);
                    } else {
                        trouble = Optional.of(target + ": " + result);
                    }
                }
                if (cached.size() == targets.size()) {
                    begin(order, cached);
                }
            }
        }
        return trouble;
    }

    private void begin(RolloutOrder order, List<ControlNode.CacheResult.Cached> cached) throws IOException {
        Software update = describe(cached.get(0), order.target(), order.name(), order.version());
        Optional<Software> back = order.back().isEmpty()
                ? Optional.empty()
                : Optional.of(describe(
                        cached.get(1),
                        order.back().get().target(),
                        order.name(),
                        order.back().get().version()));
        Entry entry = entry(order, Optional.of(new Softwares(update, back)));
        node.records().transact(records -> {
            records.put(Table.ROLLOUT, order.name(), entry.json());
            return true;
        });
        rollouts.put(order.name(), entry);
    }

    private Software describe(ControlNode.CacheResult.Cached cached, String path, String name, String version)
            throws IOException {
        String file = path.substring(path.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]", "_");
        try (InputStream in = Channels.newInputStream(node.open(cached.digest(), 0))) {
            return Deployments.describe(cached.digest(), in, file, name, version);
        }
    }

    /**
     * Lets time pass; to be called every few seconds.
     *
     * @throws IOException if the storage fails
     */
    public void tick() throws IOException {
        for (Entry entry : rollouts.values()) {
            if (entry.campaign().isPresent()) {
                SiteRollout campaign = entry.campaign().get();
                for (String control : campaign.tick().restart()) {
                    campaign.restarting(control);
                }
            }
        }
    }

    /** A device has all bytes of what it was told to install. */
    void downloaded(Action action) throws IOException {
        for (Entry entry : rollouts.values()) {
            if (concerns(entry, action)
                    && awaits(entry, action.device())
                    && !entry.campaign().orElseThrow().isToldBack(action.device())) {
                entry.campaign().orElseThrow().restarting(action.device());
            }
        }
    }

    /** A device said how it ended. */
    void finished(Action action) throws IOException {
        boolean healthy = action.state() == ActionState.SUCCEEDED;
        if (healthy || action.state() == ActionState.FAILED) {
            for (Entry entry : rollouts.values()) {
                if (concerns(entry, action) && awaits(entry, action.device())) {
                    entry.campaign().orElseThrow().reported(action.device(), healthy);
                }
            }
        }
    }

    /** A device asked what there is to do. */
    void seen(String device) throws IOException {
        for (Entry entry : rollouts.values()) {
            if (entry.order().controls().contains(device) && awaits(entry, device)) {
                entry.campaign().orElseThrow().reported(device, true);
            }
        }
    }

    /** Whether an action is what the device was told last: the update, or the way back. */
    private static boolean concerns(Entry entry, Action action) throws IOException {
        if (entry.campaign().isEmpty() || !entry.order().devices().contains(action.device())) {
            return false;
        }
        Softwares software = entry.software().orElseThrow();
        Optional<Software> told =
                entry.campaign().get().isToldBack(action.device()) ? software.back() : Optional.of(software.update());
        return told.isPresent() && told.get().equals(action.software());
    }

    private static boolean awaits(Entry entry, String device) throws IOException {
        return entry.campaign().isPresent() && entry.campaign().get().awaits(device);
    }

    /**
     * Every rollout.
     *
     * @return in order of their names
     * @throws IOException if the storage fails
     */
    public List<Standing> standings() throws IOException {
        List<Standing> standings = new ArrayList<>();
        for (Entry entry : rollouts.values()) {
            if (entry.campaign().isEmpty()) {
                standings.add(new Standing(
                        entry.order(),
                        false,
                        "",
                        ControlNode.Gate.WAITING,
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        false));
            } else {
                SiteRollout campaign = entry.campaign().get();
                standings.add(new Standing(
                        entry.order(),
                        true,
                        campaign.wave(),
                        node.gate(campaign.wave()),
                        Optional.of(campaign.counts()),
                        campaign.completed(),
                        campaign.stopped().map(stop -> stop.reason()),
                        campaign.reverting()));
            }
        }
        return standings;
    }
}
