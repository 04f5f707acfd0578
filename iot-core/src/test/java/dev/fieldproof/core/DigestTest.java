package dev.fieldproof.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DigestTest {
    private static final byte[] ABC = "abc".getBytes(StandardCharsets.US_ASCII);
    /** FIPS 180-4 example: SHA-256 of "abc". */
    private static final String ABC_SHA256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void digestsTheExampleOfTheStandard() {
        assertEquals(ABC_SHA256, Digest.sha256(ABC).hex());
        assertEquals(ABC_SHA256, Digest.sha256(ByteBuffer.wrap(ABC)).hex());
    }

    @Test
    void survivesTheRoundTripThroughBytes() {
        Digest digest = Digest.sha256(ABC);
        assertArrayEquals(digest.bytes(), Digest.of(digest.bytes()).bytes());
        assertEquals(digest, Digest.of(digest.bytes()));
    }

    @Test
    void refusesWhatIsNotADigest() {
        for (String bad :
                new String[] {"", "ba78", ABC_SHA256.toUpperCase(java.util.Locale.ROOT), "../" + ABC_SHA256}) {
            assertThrows(IllegalArgumentException.class, () -> new Digest(bad), bad);
        }
        assertThrows(IllegalArgumentException.class, () -> Digest.of(new byte[31]));
    }

    @Test
    void testsRunOnTheModulePath() {
        assertTrue(Digest.class.getModule().isNamed());
        assertEquals("dev.fieldproof.core", Digest.class.getModule().getName());
    }
}
