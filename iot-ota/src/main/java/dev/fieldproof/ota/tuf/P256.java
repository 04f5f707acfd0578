package dev.fieldproof.ota.tuf;

import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;

/** The curve P-256 (FIPS 186-5), to tell it from others of its size. */
final class P256 {
    static final ECPoint GENERATOR = CustomNamedCurves.getByName("secp256r1").getG();

    private P256() {}
}
