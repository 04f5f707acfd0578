package dev.fieldproof.ota.identity;

import dev.fieldproof.ota.record.MemoryRecordStore;
import dev.fieldproof.ota.record.RecordStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/**
 * Devices, a service and a network that loses, doubles and reorders messages, with power cuts at every write of either
 * side. The claim machine and the ledger are the real ones; a chooser decides what happens next.
 */
final class ClaimWorld {
    /** Ways to get the device wrong; the ledger has its own. */
    enum DeviceMutant {
        KEY_NOT_DURABLE,
        KEY_AFTER_SEND
    }

    private record Packet(int device, boolean toService, Object body) {}

    private static final class PowerCut extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PowerCut() {
            super(null, null, false, false);
        }
    }

    private static final class Device {
        final int number;
        /** Durable: the key's number, the name and certificate that came of it. */
        int key;

        String name = "";
        String certificate = "";
        boolean rejected;
        /** Lost with the power. */
        ClaimMachine.State state = ClaimMachine.State.begin(1);

        Device(int number) {
            this.number = number;
        }
    }

    private static final ClaimPolicy POLICY =
            new ClaimPolicy("t", "node-", Duration.ofDays(1), 10, parameters -> Optional.empty());

    private final IntUnaryOperator choose;
    private final Set<DeviceMutant> mutants = EnumSet.noneOf(DeviceMutant.class);
    private final MemoryRecordStore memory = new MemoryRecordStore();
    private final ClaimLedger ledger = new ClaimLedger(new CuttableStore());
    private final List<Packet> network = new ArrayList<>();
    private final List<Device> devices = new ArrayList<>();
    private int losses;
    private int doubles;
    private int deviceCuts;
    private int serviceCuts;
    private int expiries;
    private int retries;
    private int keysMade;
    private int certificatesMade;
    private long now;
    private boolean calm;

    ClaimWorld(
            ClaimEnumeration.Scope scope,
            IntUnaryOperator choose,
            Set<ClaimLedger.Mutant> wrong,
            Set<DeviceMutant> wrongDevice) {
        this.choose = choose;
        losses = scope.losses();
        doubles = scope.doubles();
        deviceCuts = scope.deviceCuts();
        serviceCuts = scope.serviceCuts();
        expiries = scope.expiries();
        retries = scope.retries();
        ledger.mutants.addAll(wrong);
        mutants.addAll(wrongDevice);
        for (int i = 0; i < scope.devices(); i++) {
            devices.add(new Device(i));
        }
    }

    /** Cuts the service's power at a chosen write; a transaction that is open is undone. */
    private final class CuttableStore implements RecordStore {
        @Override
        public <T> T transact(Work<T> work) throws IOException {
            T result = memory.transact(transaction -> {
                T inner = work.run(transaction);
                cutService();
                return inner;
            });
            cutService();
            return result;
        }

        @Override
        public void close() {}
    }

    private void cutService() {
        if (!calm && serviceCuts > 0 && choose.applyAsInt(2) == 1) {
            serviceCuts--;
            throw new PowerCut();
        }
    }

    private void cutDevice() {
        if (!calm && deviceCuts > 0 && choose.applyAsInt(2) == 1) {
            deviceCuts--;
            throw new PowerCut();
        }
    }

    /** Plays one schedule to its end, then lets the network heal, and returns what is wrong. */
    String play() throws IOException {
        devices.forEach(this::powerOn);
        while (anythingLeft()) {
            act();
        }
        calm = true;
        for (int round = 0; round < 3; round++) {
            for (Device device : devices) {
                if (device.name.isEmpty() && !device.rejected) {
                    powerOn(device);
                }
            }
            while (!network.isEmpty()) {
                deliver(network.remove(0));
            }
        }
        now += Duration.ofDays(1).toMillis();
        ledger.expire(now);
        return verdict();
    }

    private boolean anythingLeft() {
        return !network.isEmpty();
    }

    /** One choice of the adversary. */
    private void act() throws IOException {
        int here = network.size();
        int lossFrom = here;
        int doubleFrom = lossFrom + (losses > 0 ? here : 0);
        int retryFrom = doubleFrom + (doubles > 0 ? here : 0);
        int expireFrom = retryFrom + (retries > 0 ? devices.size() : 0);
        int end = expireFrom + (expiries > 0 ? 1 : 0);
        int choice = choose.applyAsInt(end);
        if (choice < lossFrom) {
            deliver(network.remove(choice));
        } else if (choice < doubleFrom) {
            losses--;
            network.remove(choice - lossFrom);
        } else if (choice < retryFrom) {
            doubles--;
            network.add(network.get(choice - doubleFrom));
        } else if (choice < expireFrom) {
            retries--;
            Device device = devices.get(choice - retryFrom);
            onDevice(device, () -> take(device, new ClaimMachine.Again(device.state.attempts())));
        } else {
            expiries--;
            now += ProvisioningService.TOKEN_VALIDITY.toMillis();
            try {
                ledger.expire(now);
            } catch (PowerCut e) {
                // The service is on again; what it forgot stays forgotten.
            }
        }
    }

    private void powerOn(Device device) {
        onDevice(device, () -> {
            device.state = ClaimMachine.State.begin(50);
            if (device.key == 0 || mutants.contains(DeviceMutant.KEY_NOT_DURABLE)) {
                if (!mutants.contains(DeviceMutant.KEY_AFTER_SEND)) {
                    cutDevice();
                }
                device.key = ++keysMade;
                cutDevice();
            }
            take(device, new ClaimMachine.Again(0));
            if (mutants.contains(DeviceMutant.KEY_AFTER_SEND) && !calm && deviceCuts > 0 && choose.applyAsInt(2) == 1) {
                deviceCuts--;
                device.key = 0; // was never written
                throw new PowerCut();
            }
        });
    }

    private interface DeviceWork {
        void run() throws IOException;
    }

    private void onDevice(Device device, DeviceWork work) {
        try {
            work.run();
        } catch (PowerCut e) {
            powerOn(device);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the device's memory does not fail
        }
    }

    private void take(Device device, ClaimMachine.Event event) {
        ClaimMachine.Step step = ClaimMachine.step(device.state, event);
        device.state = step.next();
        for (ClaimMachine.Effect effect : step.effects()) {
            if (effect instanceof ClaimMachine.AskCertificate) {
                network.add(new Packet(device.number, true, "key-" + device.number + "-" + device.key));
            } else if (effect instanceof ClaimMachine.AskThing ask) {
                network.add(new Packet(device.number, true, ask));
            } else if (effect instanceof ClaimMachine.Keep keep) {
                cutDevice();
                device.name = keep.thingName();
                device.certificate = keep.certificatePem();
                cutDevice();
            } else {
                device.rejected = true;
            }
        }
    }

    private void deliver(Packet packet) throws IOException {
        if (!packet.toService()) {
            Device device = devices.get(packet.device());
            String body = packet.body() instanceof ClaimMachine.Created created ? created.certificatePem() : "";
            boolean foreign = !body.isEmpty() && !body.contains("key-" + device.number + "-" + device.key + ".");
            if (!foreign) {
                onDevice(device, () -> take(device, (ClaimMachine.Event) packet.body()));
            }
            return;
        }
        try {
            network.add(new Packet(packet.device(), false, answer(packet)));
        } catch (PowerCut e) {
            return; // the request is gone, the service is on again
        }
    }

    private ClaimMachine.Event answer(Packet packet) throws IOException {
        if (packet.body() instanceof String key) {
            now++;
            ClaimLedger.Issued issued = ledger.create(POLICY, key, now, () -> {
                        int number = ++certificatesMade;
                        return new ClaimLedger.Issued(
                                key,
                                "id" + number,
                                key + ".cert" + number,
                                "token" + number,
                                now + ProvisioningService.TOKEN_VALIDITY.toMillis(),
                                "");
                    })
                    .orElseThrow();
            return new ClaimMachine.Created(issued.ownershipToken(), issued.certificatePem());
        }
        String serial = "S" + packet.device();
        String token = ((ClaimMachine.AskThing) packet.body()).token();
        ClaimLedger.Registration result = ledger.register(POLICY, serial, "node-" + serial, token, current -> false);
        return result instanceof ClaimLedger.NotBound no
                ? new ClaimMachine.Refused(no.statusCode(), no.errorCode(), no.reason())
                : new ClaimMachine.Registered(
                        ((ClaimLedger.Bound) result).thing().name());
    }

    private String verdict() {
        Map<String, ClaimLedger.Issued> valid = new HashMap<>();
        ledger.certificates().forEach(issued -> valid.put(issued.certificateId(), issued));
        Set<String> names = new HashSet<>();
        Set<String> bound = new HashSet<>();
        for (ClaimLedger.Thing thing : ledger.things()) {
            if (!names.add(thing.name())) {
                return "double name " + thing.name();
            }
            if (!valid.containsKey(thing.certificateId())) {
                return "the thing " + thing.name() + " has a certificate that is not valid";
            }
            bound.add(thing.certificateId());
        }
        if (!bound.equals(valid.keySet())) {
            return "orphan certificates: " + valid.keySet() + " of which " + bound + " are bound";
        }
        for (Device device : devices) {
            if (!device.name.equals("node-S" + device.number)) {
                return "device " + device.number + " has no identity";
            }
            boolean own =
                    valid.values().stream().anyMatch(it -> it.certificatePem().equals(device.certificate));
            if (!own || !device.certificate.startsWith("key-" + device.number + "-" + device.key + ".")) {
                return "device " + device.number + " holds " + device.certificate + " for key " + device.key;
            }
        }
        return names.size() == devices.size() ? "" : names + " for " + devices.size() + " devices";
    }
}
