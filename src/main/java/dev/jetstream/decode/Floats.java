package dev.jetstream.decode;

/** CBOR's floats. */
final class Floats {
    private static final double TWO_TO_63 = 0x1p63;

    private Floats() {}

    /** The value of an IEEE 754 half. */
    static double half(int bits) {
        int exponent = bits >>> 10 & 0x1F;
        int fraction = bits & 0x3FF;
        double magnitude = exponent == 0
                ? fraction * 0x1p-24
                : exponent == 31
                        ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                        : Math.scalb(1024 + fraction, exponent - 25);
        return (bits & 0x8000) == 0 ? magnitude : -magnitude;
    }

    /** Whether a number is whole and within 64 bits, signed. */
    static boolean isInt64(double number) {
        return number >= -TWO_TO_63 && number < TWO_TO_63 && number == Math.rint(number);
    }
}
