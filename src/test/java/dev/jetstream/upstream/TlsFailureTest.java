package dev.jetstream.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/**
 * The chains of causes that the JDK throws, in words. The first and the last of them also happen for real in {@link RelayTlsIT}.
 */
class TlsFailureTest {
    private static String describe(Throwable cause) {
        SSLException failure = new SSLHandshakeException("it\nfailed");
        failure.initCause(cause);
        return TlsTransport.describe(failure, "relay.example");
    }

    /** The JDK's wrapper of a path failure carries a cause, unlike the exception for a name that does not fit. */
    private static CertificateException path(Throwable cause) {
        return new CertificateException("PKIX path validation failed", cause);
    }

    @Test
    void a_name_that_does_not_fit() {
        assertThat(describe(new CertificateException("No name matching relay.example found")))
                .isEqualTo("the certificate does not fit the host relay.example: No name matching relay.example found");
    }

    @Test
    void a_certificate_that_ran_out_is_not_called_untrusted() {
        assertThat(describe(path(new CertPathValidatorException(
                        "validity check failed", new CertificateExpiredException("NotAfter: yesterday")))))
                .isEqualTo("the certificate of relay.example is not valid today: NotAfter: yesterday");
    }

    @Test
    void an_unknown_authority() {
        assertThat(describe(path(new CertPathValidatorException("no anchor"))))
                .contains("relay.example is not trusted")
                .contains("javax.net.ssl.trustStore");
    }

    @Test
    void anything_else_is_quoted_on_one_line() {
        assertThat(describe(null)).isEqualTo("TLS with relay.example failed: it failed");
    }
}
