package dev.fieldproof.benchmarks.scenario;

import dev.fieldproof.core.store.MemoryArtifactStore;
import dev.fieldproof.ota.rollout.CampaignDecision;
import dev.fieldproof.ota.rollout.CampaignPlan;
import dev.fieldproof.ota.site.AuditLog;
import dev.fieldproof.ota.site.ControlNode;
import dev.fieldproof.ota.site.SiteRollout;
import dev.fieldproof.ota.tuf.Fetcher;
import dev.fieldproof.ota.tuf.TrustedStore;
import dev.fieldproof.ota.tuf.TufClient;
import dev.fieldproof.ota.tuf.TufLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The control node fetches the update once, loses its uplink, and lets its nodes have it wave by wave. */
final class RolloutStep implements Step {
    private static final String MODULE = "iot-ota";
    private static final String OPERATOR = "operator";
    private static final double CANARY = 0.25;
    private static final int PER_HOUR = 600;
    private static final int MINUTES = 600;

    /** What became of one wave. */
    private static final class Outcome {
        int offered;
        long servedBytes;
        boolean completed;
        Optional<CampaignDecision.Stopped> stopped = Optional.empty();
    }

    @Override
    public Chapter run(Day day) throws IOException {
        Uplink uplink = new Uplink(day.repository());
        try (MemoryArtifactStore cache = new MemoryArtifactStore(Inputs.MAX_INPUT_BYTES)) {
            TrustedStore trusted = TrustedStore.inMemory();
            TufClient.initialise(trusted, UpdateStep.file(day.repository(), "1.root.json"), TufLimits.DEFAULT);
            ControlNode control = new ControlNode(cache, new TufClient(trusted, uplink, day.clock), uplink, day.clock);
            control.refresh();
            ControlNode.CacheResult cached = control.cache(UpdateStep.PATCH);
            if (!(cached instanceof ControlNode.CacheResult.Cached patch)) {
                throw new IOException("the control node could not fetch the update: " + cached);
            }
            uplink.cut = true;
            day.tell(MODULE, "the control node holds the update; its uplink is gone");

            Outcome good = live(day, control, "2.0", patch, true);
            day.tell(MODULE, good.offered + " nodes were updated in two waves, each approved on site");
            Outcome bad = live(day, control, "2.0-broken", patch, false);
            day.tell(MODULE, "a broken firmware was stopped after " + bad.offered + " nodes");

            Plan plan = Plan.of(day);
            long expected = plan.devices * patch.fetchedBytes();
            return Chapter.of("The control node gates the rollout", MODULE)
                    .figure("nodes in the rollout, nodes to compare with", plan.devices + ", " + plan.controls)
                    .figure("fetched over the uplink, once", Text.bytes(uplink.bytes))
                    .figure("served on site while the uplink was gone", Text.bytes(good.servedBytes))
                    .figure("nodes that got a broken firmware", bad.offered)
                    .figure(
                            "why it stopped",
                            bad.stopped
                                    .map(CampaignDecision.Stopped::reason)
                                    .orElse("too few nodes to tell: all were canaries"))
                    .invariant(
                            "the update reaches its nodes without the uplink",
                            good.completed && good.servedBytes == expected,
                            good.offered + " of " + plan.devices)
                    .invariant(
                            "the broken one never leaves the canaries",
                            bad.offered <= plan.canaries()
                                    && (bad.stopped.isPresent() || plan.canaries() == plan.devices),
                            bad.offered + " of " + plan.devices + " got it")
                    .invariant(
                            "who approved what is on record, unbroken",
                            AuditLog.verify(control.audit().entries()),
                            control.audit().entries().size() + " entries")
                    .build();
        }
    }

    /** One rollout, minute by minute. Nodes that survive report back; the others are never heard of again. */
    private static Outcome live(
            Day day, ControlNode control, String name, ControlNode.CacheResult.Cached patch, boolean survives)
            throws IOException {
        Plan plan = Plan.of(day);
        SiteRollout rollout = new SiteRollout(control, name, plan.campaign(), plan.names, day.clock);
        Outcome outcome = new Outcome();
        for (int minute = 0; minute < MINUTES && !rollout.completed(); minute++) {
            SiteRollout.Work work = rollout.tick();
            if (control.gate(rollout.wave()) == ControlNode.Gate.WAITING && (survives || outcome.offered == 0)) {
                control.decide(rollout.wave(), ControlNode.Gate.APPROVED, OPERATOR);
            }
            for (String id : work.update()) {
                outcome.offered++;
                outcome.servedBytes += drain(control, rollout.wave(), patch);
                rollout.restarting(id);
                if (survives) {
                    rollout.reported(id, true);
                }
            }
            for (String id : work.restart()) {
                rollout.restarting(id);
                rollout.reported(id, true);
            }
            day.clock.advance(Duration.ofMinutes(1));
        }
        outcome.completed = rollout.completed();
        outcome.stopped = rollout.stopped();
        return outcome;
    }

    private static long drain(ControlNode control, String wave, ControlNode.CacheResult.Cached patch)
            throws IOException {
        try (ReadableByteChannel served = control.serve(wave, patch.digest(), 0)
                .orElseThrow(() -> new IOException("the gate is shut for " + wave))) {
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            long bytes = 0;
            for (int read = served.read(buffer); read >= 0; read = served.read(buffer.clear())) {
                bytes += read;
            }
            return bytes;
        }
    }

    /** Who gets the update and who is watched for comparison: every fifth node, and at least one. */
    private record Plan(int devices, int controls, List<String> names) {
        static Plan of(Day day) {
            List<String> names = new ArrayList<>(day.nodeIds());
            if (names.size() == 1) {
                names.add("gateway");
            }
            int controls = Math.max(1, names.size() / 5);
            return new Plan(names.size() - controls, controls, names);
        }

        int canaries() {
            return (int) Math.ceil(devices * CANARY);
        }

        CampaignPlan campaign() {
            return CampaignPlan.builder(devices, controls)
                    .approvedPhase(CANARY, PER_HOUR)
                    .approvedPhase(1, PER_HOUR)
                    .controlsPerDevice(4)
                    .build();
        }
    }

    /** The way to the cloud, and what went over it. */
    private static final class Uplink implements Fetcher {
        private final Map<String, byte[]> files;
        private boolean cut;
        private long bytes;

        Uplink(Map<String, byte[]> files) {
            this.files = files;
        }

        @Override
        public Optional<InputStream> open(String path) throws IOException {
            if (cut) {
                throw new IOException("no uplink");
            }
            byte[] file = files.get(path);
            if (file == null) {
                return Optional.empty();
            }
            bytes += file.length;
            return Optional.of(new ByteArrayInputStream(file));
        }
    }
}
