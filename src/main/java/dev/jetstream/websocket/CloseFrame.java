package dev.jetstream.websocket;

import java.nio.charset.StandardCharsets;

/** The close frame (RFC 6455, section 5.5.1): a code and a reason. */
public final class CloseFrame {
    public static final int NORMAL = 1000;
    public static final int GOING_AWAY = 1001;
    public static final int PROTOCOL_ERROR = 1002;
    public static final int NOT_ACCEPTABLE = 1003;
    /** Never sent: "the peer's close frame carried no code". */
    public static final int NO_CODE = 1005;

    public static final int BAD_DATA = 1007;
    public static final int POLICY_VIOLATION = 1008;
    public static final int TOO_BIG = 1009;
    public static final int INTERNAL_ERROR = 1011;
    /** Registered with IANA after RFC 6455; libraries report it as an error, 1001 as a normal end. */
    public static final int SERVICE_RESTART = 1012;

    public static final int TRY_AGAIN_LATER = 1013;

    private static final int MAX_REASON_BYTES = FrameHeader.MAX_CONTROL_PAYLOAD - 2;

    private CloseFrame() {}

    /** An unmasked close frame; the reason is cut to 123 bytes at a character's edge. */
    public static byte[] of(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        int length = text.length;
        if (length > MAX_REASON_BYTES) {
            length = MAX_REASON_BYTES;
            while ((text[length] & 0xC0) == 0x80) {
                length--;
            }
        }
        byte[] payload = new byte[2 + length];
        payload[0] = (byte) (code >>> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, 2, length);
        return FrameHeader.frame(FrameHeader.CLOSE, payload);
    }

    /** Whether a peer may send this code: assigned for endpoints, or in the ranges 3000 to 4999 (RFC 6455, section 7.4). */
    public static boolean mayBeSent(int code) {
        return code >= 3000 && code <= 4999
                || code >= 1000 && code <= 1014 && code != 1004 && code != NO_CODE && code != 1006;
    }
}
