package dev.jetstream.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.junit.jupiter.api.Test;

class K256Test {
    private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256k1");
    private static final int BEYOND_ONE_BATCH = 600;

    /** BouncyCastle's own verification of r and s, with low S demanded. */
    static boolean verifies(byte[] digest, byte[] signature, byte[] publicKey) {
        ECDSASigner verifier = new ECDSASigner();
        ECDomainParameters domain = new ECDomainParameters(CURVE);
        verifier.init(false, new ECPublicKeyParameters(CURVE.getCurve().decodePoint(publicKey), domain));
        BigInteger r = new BigInteger(1, Arrays.copyOfRange(signature, 0, 32));
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
        boolean low = s.compareTo(CURVE.getN().shiftRight(1)) <= 0;
        return signature.length == 64 && low && verifier.verifySignature(digest, r, s);
    }

    @Test
    void signaturesVerifyUnderTheirKeyOnlyAndNoNonceIsUsedTwice() {
        K256 signer = new K256(7);
        Rng rng = new Rng(1);
        Set<String> nonces = new HashSet<>();
        for (int i = 0; i < BEYOND_ONE_BATCH; i++) {
            BigInteger key = K256.privateKey(7, i % 3);
            byte[] digest = rng.bytes(32);
            byte[] signature = signer.sign(digest, key);
            assertThat(verifies(digest, signature, K256.publicKey(key))).isTrue();
            assertThat(nonces.add(Arrays.toString(Arrays.copyOf(signature, 32))))
                    .isTrue();
            digest[5] ^= 1;
            assertThat(verifies(digest, signature, K256.publicKey(key))).isFalse();
        }
    }

    @Test
    void aSeedGivesItsKeysAndSignaturesAgain() {
        byte[] digest = new byte[32];
        BigInteger key = K256.privateKey(9, 4);
        assertThat(K256.privateKey(9, 4)).isEqualTo(key);
        assertThat(K256.privateKey(9, 5)).isNotEqualTo(key);
        assertThat(new K256(9).sign(digest, key)).isEqualTo(new K256(9).sign(digest, key));
        assertThat(new K256(9).sign(digest, key)).isNotEqualTo(new K256(8).sign(digest, key));
    }
}
