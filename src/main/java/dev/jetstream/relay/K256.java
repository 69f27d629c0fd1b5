package dev.jetstream.relay;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.BigIntegers;

/**
 * Real k256 signatures (ECDSA over secp256k1 and SHA-256, low S, 64 bytes), some microseconds each.
 *
 * <p>Nonces are consecutive numbers, so each point is the last one plus the generator, and a batch shares one inversion. Such
 * signatures reveal their private key, which here derives from a public seed: <b>never use this with a key that protects
 * something</b>. The same seed gives the same signatures in the same order. Not thread-safe.
 */
final class K256 {
    private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256k1");
    private static final BigInteger N = CURVE.getN();
    private static final BigInteger HALF_N = N.shiftRight(1);
    private static final int BATCH = 256;

    private final BigInteger[] r = new BigInteger[BATCH];
    private final BigInteger[] inverses = new BigInteger[BATCH];
    private BigInteger nonce;
    private ECPoint point;
    private int next = BATCH;

    K256(long seed) {
        nonce = scalar("nonces of seed " + seed);
        point = CURVE.getG().multiply(nonce);
    }

    /** A seed's private key of this index. */
    static BigInteger privateKey(long seed, int index) {
        return scalar("key " + index + " of seed " + seed);
    }

    private static BigInteger scalar(String name) {
        byte[] digest = Cid.sha256().digest(name.getBytes(StandardCharsets.UTF_8));
        return new BigInteger(1, digest).mod(N.subtract(BigInteger.ONE)).add(BigInteger.ONE);
    }

    /** The public key of a private one, compressed: 33 bytes. */
    static byte[] publicKey(BigInteger privateKey) {
        return CURVE.getG().multiply(privateKey).normalize().getEncoded(true);
    }

    /** The signature of a SHA-256 digest: r and s, 32 bytes each. */
    byte[] sign(byte[] digest, BigInteger privateKey) {
        BigInteger z = new BigInteger(1, digest);
        while (true) {
            if (next == BATCH) {
                refill();
            }
            int i = next++;
            BigInteger s =
                    inverses[i].multiply(z.add(r[i].multiply(privateKey))).mod(N);
            if (r[i].signum() != 0 && s.signum() != 0) {
                byte[] signature = new byte[64];
                BigIntegers.asUnsignedByteArray(r[i], signature, 0, 32);
                BigIntegers.asUnsignedByteArray(s.compareTo(HALF_N) > 0 ? N.subtract(s) : s, signature, 32, 32);
                return signature;
            }
        }
    }

    private void refill() {
        ECPoint[] points = new ECPoint[BATCH];
        BigInteger[] products = new BigInteger[BATCH];
        BigInteger[] nonces = new BigInteger[BATCH];
        BigInteger product = BigInteger.ONE;
        for (int i = 0; i < BATCH; i++) {
            points[i] = point;
            nonces[i] = nonce;
            products[i] = product;
            product = product.multiply(nonce).mod(N);
            point = point.add(CURVE.getG());
            nonce = nonce.add(BigInteger.ONE);
        }
        CURVE.getCurve().normalizeAll(points);
        BigInteger inverse = product.modInverse(N);
        for (int i = BATCH - 1; i >= 0; i--) {
            r[i] = points[i].getAffineXCoord().toBigInteger().mod(N);
            inverses[i] = inverse.multiply(products[i]).mod(N);
            inverse = inverse.multiply(nonces[i]).mod(N);
        }
        point = point.normalize();
        next = 0;
    }
}
