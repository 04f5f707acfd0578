package dev.fieldproof.ota.delta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeltaRoundTripTest {
    static byte[] apply(byte[] old, byte[] patch) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (Bsdiff40.isHeader(patch)) {
            Bsdiff40.apply(SourceImage.of(old), patch, out::write, DeltaLimits.DEFAULT);
        } else {
            DeltaDecoder decoder = DeltaDecoder.open(SourceImage.of(old), out::write, DeltaLimits.DEFAULT);
            decoder.feed(patch);
            decoder.finish();
        }
        return out.toByteArray();
    }

    /** A new image with edits, moved parts and fresh bytes. */
    static byte[] edit(byte[] old, RandomGenerator random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int parts = random.nextInt(6);
        for (int i = 0; i < parts; i++) {
            int from = random.nextInt(old.length + 1);
            byte[] part = Arrays.copyOfRange(old, from, from + random.nextInt(old.length - from + 1));
            for (int e = random.nextInt(8); e > 0 && part.length > 0; e--) {
                part[random.nextInt(part.length)] += (byte) random.nextInt(5);
            }
            out.writeBytes(part);
            byte[] fresh = new byte[random.nextInt(20)];
            random.nextBytes(fresh);
            out.writeBytes(fresh);
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @EnumSource(PatchFormat.class)
    void anyEditRoundTrips(PatchFormat format) {
        SeededRuns.check(100, random -> {
            byte[] old = new byte[random.nextInt(3000)];
            for (int i = 0; i < old.length; i++) {
                old[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt() : i);
            }
            byte[] target = edit(old, random);
            DeltaProfile profile = random.nextBoolean() ? DeltaProfile.FULL : DeltaProfile.SMALL;
            DeltaOptions options = DeltaOptions.DEFAULT.withFormat(format).withProfile(profile);
            byte[] patch = DeltaEncoder.create(old, target, options).patch();
            try {
                assertArrayEquals(target, apply(old, patch));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("dev.fieldproof.ota.delta.Corpus#some")
    void realFirmwareRoundTrips(Corpus.Pair pair) throws Exception {
        byte[] old = pair.oldBytes();
        byte[] target = pair.targetBytes();
        byte[] patch = Patches.small(pair);
        assertArrayEquals(target, apply(old, patch));
        PatchInfo info = PatchInfo.read(patch);
        assertEquals(target.length, info.targetBytes());
        assertEquals(patch.length, info.patchBytes());
        assertEquals(pair.isa(), info.isa());
    }

    @ParameterizedTest
    @MethodSource("dev.fieldproof.ota.delta.Corpus#light")
    void realFirmwareRoundTripsBackwards(Corpus.Pair pair) throws Exception {
        byte[] patch = DeltaEncoder.create(pair.targetBytes(), pair.oldBytes(), DeltaOptions.DEFAULT)
                .patch();
        assertArrayEquals(pair.oldBytes(), apply(pair.targetBytes(), patch));
    }

    @ParameterizedTest
    @MethodSource("dev.fieldproof.ota.delta.Corpus#lightest")
    void realFirmwareRoundTripsInTheFullProfile(Corpus.Pair pair) throws Exception {
        byte[] old = pair.oldBytes();
        byte[] target = pair.targetBytes();
        DeltaOptions full = DeltaOptions.DEFAULT.withProfile(DeltaProfile.FULL);
        assertArrayEquals(
                target, apply(old, DeltaEncoder.create(old, target, full).patch()));
        assertArrayEquals(
                old, apply(target, DeltaEncoder.create(target, old, full).patch()));
    }

    @Test
    void theWorkedExampleOfTheFormatDocument() throws Exception {
        byte[] old = "hello world, hello field".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] target = "hello world. hello field!".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] patch = DeltaEncoder.create(old, target, DeltaOptions.DEFAULT).patch();
        String hex = java.util.HexFormat.of().formatHex(patch);
        assertTrue(hex.startsWith("46504433" + "00" + "00" + "18" + "19" + "01" + "05" + "01f027"), hex);
        assertTrue(hex.endsWith("c2e93fe9c0"), hex);
        assertArrayEquals(target, apply(old, patch));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64})
    void hopelessInputIsNotSearchedForReferences(int period) throws Exception {
        byte[] old = new byte[1 << 20];
        for (int i = 0; i < old.length; i++) {
            old[i] = (byte) (i % period * 37);
        }
        byte[] target = old.clone();
        for (int at = 1000; at < target.length; at += 100_003) {
            target[at]++;
        }
        Delta delta = DeltaEncoder.create(old, target, DeltaOptions.DEFAULT);
        assertEquals(1, delta.report().trials().size(), delta.report()::toString);
        assertTrue(delta.patch().length < 250, delta.report()::toString);
        assertArrayEquals(target, apply(old, delta.patch()));
    }

    @Test
    void theSmallProfileTellsLongCopiesInParts() throws Exception {
        byte[] old = new byte[300_000];
        new java.util.SplittableRandom(4).nextBytes(old);
        byte[] target = old.clone();
        target[200_000]++;
        for (DeltaProfile profile : DeltaProfile.values()) {
            Delta delta = DeltaEncoder.create(old, target, DeltaOptions.DEFAULT.withProfile(profile));
            assertEquals(profile == DeltaProfile.SMALL ? 5 : 1, delta.report().copies());
            assertTrue(delta.patch().length < 130, delta.report()::toString);
            assertArrayEquals(target, apply(old, delta.patch()));
        }
    }

    @Test
    void anyChunkingGivesTheSame() throws Exception {
        byte[][] images = sample();
        byte[] patch =
                DeltaEncoder.create(images[0], images[1], DeltaOptions.DEFAULT).patch();
        for (int chunk : new int[] {1, 7, 64, 4096}) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            DeltaDecoder decoder = DeltaDecoder.open(SourceImage.of(images[0]), out::write, DeltaLimits.DEFAULT);
            for (int at = 0; at < patch.length; at += chunk) {
                decoder.feed(patch, at, Math.min(chunk, patch.length - at));
            }
            decoder.finish();
            assertArrayEquals(images[1], out.toByteArray());
        }
    }

    @Test
    void refusesTheWrongSourceBeforeTheFirstWrite() throws Exception {
        byte[][] images = sample();
        byte[] patch =
                DeltaEncoder.create(images[0], images[1], DeltaOptions.DEFAULT).patch();
        byte[] wrong = images[0].clone();
        wrong[1234] ^= 1;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DeltaDecoder decoder = DeltaDecoder.open(SourceImage.of(wrong), out::write, DeltaLimits.DEFAULT);
        assertThrows(WrongSourceException.class, () -> decoder.feed(patch));
        assertEquals(0, out.size());
    }

    @Test
    void refusesTrailingAndMissingBytes() throws Exception {
        byte[][] images = sample();
        byte[] patch =
                DeltaEncoder.create(images[0], images[1], DeltaOptions.DEFAULT).patch();
        byte[] longer = Arrays.copyOf(patch, patch.length + 1);
        assertThrows(MalformedPatchException.class, () -> apply(images[0], longer));
        for (int length = 0; length < patch.length; length++) {
            byte[] shorter = Arrays.copyOf(patch, length);
            assertThrows(MalformedPatchException.class, () -> apply(images[0], shorter));
        }
    }

    @Test
    void limitsAreCheckedBeforeAnythingElse() throws Exception {
        byte[][] images = sample();
        byte[] patch =
                DeltaEncoder.create(images[0], images[1], DeltaOptions.DEFAULT).patch();
        DeltaDecoder decoder =
                DeltaDecoder.open(SourceImage.of(new byte[0]), (b, o, n) -> {}, new DeltaLimits(1000, 1 << 20));
        MalformedPatchException e = assertThrows(MalformedPatchException.class, () -> decoder.feed(patch));
        assertTrue(e.getMessage().contains("at most 1000 bytes"), e::getMessage);
    }

    static byte[][] sample() {
        byte[] old = new byte[6000];
        RandomGenerator random = new java.util.SplittableRandom(5);
        random.nextBytes(old);
        byte[] target = Arrays.copyOf(old, 6100);
        System.arraycopy(old, 1000, target, 3000, 500);
        for (int i = 0; i < 60; i++) {
            target[random.nextInt(target.length)]++;
        }
        return new byte[][] {old, target};
    }
}
