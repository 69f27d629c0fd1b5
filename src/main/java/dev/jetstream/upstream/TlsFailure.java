package dev.jetstream.upstream;

import dev.jetstream.common.Text;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;

/** A failed TLS handshake, in words that say what to do. */
final class TlsFailure {
    private static final int MAX_CAUSES = 10;

    private TlsFailure() {}

    static String describe(SSLException failure, String host) {
        String untrusted = null;
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MAX_CAUSES; cause = cause.getCause(), i++) {
            if (cause instanceof CertificateExpiredException || cause instanceof CertificateNotYetValidException) {
                return "the certificate of " + host + " is not valid today: " + cause.getMessage();
            }
            if (cause instanceof CertPathBuilderException || cause instanceof CertPathValidatorException) {
                untrusted = "the certificate of " + host
                        + " is not trusted: it was issued by none of the authorities that this JVM knows"
                        + " (-Djavax.net.ssl.trustStore=FILE names others)";
            } else if (untrusted == null && cause instanceof CertificateException && cause.getCause() == null) {
                return "the certificate does not fit the host " + host + ": " + Text.cut(cause.getMessage());
            }
        }
        return untrusted != null ? untrusted : "TLS with " + host + " failed: " + Text.cut(failure.getMessage());
    }
}
