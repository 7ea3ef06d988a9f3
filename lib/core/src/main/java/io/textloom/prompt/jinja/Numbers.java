package io.textloom.prompt.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/** Python's arithmetic: integers of any size ({@link Long} where they fit), floats, booleans as 0 and 1. */
final class Numbers {
    /** Longest integer; unit: bits. */
    private static final int MAX_BITS = 1 << 16;

    private Numbers() {}

    static boolean isInteger(Object value) {
        return value instanceof Long || value instanceof BigInteger || value instanceof Boolean;
    }

    static boolean isNumber(Object value) {
        return isInteger(value) || value instanceof Double;
    }

    static BigInteger big(Object value) {
        return value instanceof BigInteger b
                ? b
                : BigInteger.valueOf(value instanceof Boolean t ? (t ? 1 : 0) : (Long) value);
    }

    static double real(Object value) {
        return value instanceof Double d ? d : big(value).doubleValue();
    }

    /** A {@link Long} where it fits. */
    static Object integer(BigInteger value) {
        if (value.bitLength() > MAX_BITS) {
            throw new Fault("an integer has more than " + MAX_BITS + " bits");
        }
        return value.bitLength() < 64 ? (Object) value.longValue() : value;
    }

    static int compare(Object a, Object b) {
        if (isInteger(a) && isInteger(b)) {
            return big(a).compareTo(big(b));
        }
        double x = real(a);
        double y = real(b);
        return x < y ? -1 : x > y ? 1 : x == y ? 0 : 2;
    }

    static Object add(Object a, Object b) {
        return whole(a, b) ? integer(big(a).add(big(b))) : (Object) (real(a) + real(b));
    }

    static Object subtract(Object a, Object b) {
        return whole(a, b) ? integer(big(a).subtract(big(b))) : (Object) (real(a) - real(b));
    }

    static Object multiply(Object a, Object b) {
        return whole(a, b) ? integer(big(a).multiply(big(b))) : (Object) (real(a) * real(b));
    }

    static Object divide(Object a, Object b) {
        requireNotZero(b, "division by zero");
        if (whole(a, b)) {
            return new BigDecimal(big(a))
                    .divide(new BigDecimal(big(b)), MathContext.DECIMAL128)
                    .doubleValue();
        }
        return real(a) / real(b);
    }

    static Object floorDivide(Object a, Object b) {
        requireNotZero(b, "integer division or modulo by zero");
        if (whole(a, b)) {
            BigInteger[] parts = big(a).divideAndRemainder(big(b));
            boolean down = parts[1].signum() != 0 && parts[1].signum() != big(b).signum();
            return integer(down ? parts[0].subtract(BigInteger.ONE) : parts[0]);
        }
        return Math.floor((real(a) - (Double) modulo(a, b)) / real(b) + 0.5);
    }

    static Object modulo(Object a, Object b) {
        requireNotZero(b, "integer division or modulo by zero");
        if (whole(a, b)) {
            BigInteger rest = big(a).remainder(big(b));
            boolean other = rest.signum() != 0 && rest.signum() != big(b).signum();
            return integer(other ? rest.add(big(b)) : rest);
        }
        double rest = real(a) % real(b);
        return rest != 0 && (rest < 0) != (real(b) < 0) ? (Object) (rest + real(b)) : (Object) rest;
    }

    static Object power(Object a, Object b) {
        if (whole(a, b) && big(b).signum() >= 0) {
            BigInteger exponent = big(b);
            boolean small = big(a).abs().compareTo(BigInteger.ONE) <= 0;
            if (!small && (exponent.bitLength() > 31 || (long) big(a).bitLength() * exponent.intValue() > MAX_BITS)) {
                throw new Fault("an integer has more than " + MAX_BITS + " bits");
            }
            int times = small ? exponent.testBit(0) ? 1 : exponent.signum() == 0 ? 0 : 2 : exponent.intValue();
            return integer(big(a).pow(times));
        }
        if (real(a) == 0 && real(b) < 0) {
            throw new Fault("0.0 cannot be raised to a negative power");
        }
        return Math.pow(real(a), real(b));
    }

    static Object negate(Object a) {
        return isInteger(a) ? integer(big(a).negate()) : (Object) (-real(a));
    }

    /** Round half to even, as Python's {@code round(x, digits)}. */
    static Object round(Object value, int digits) {
        if (isInteger(value)) {
            return digits >= 0
                    ? integer(big(value))
                    : integer(new BigDecimal(big(value))
                            .setScale(digits, RoundingMode.HALF_EVEN)
                            .toBigInteger());
        }
        double x = (Double) value;
        return Double.isFinite(x) && digits < 320
                ? (Object) new BigDecimal(x)
                        .setScale(Math.max(digits, -320), RoundingMode.HALF_EVEN)
                        .doubleValue()
                : value;
    }

    /** Towards zero. */
    static Object truncate(double value) {
        if (!Double.isFinite(value)) {
            throw new Fault("cannot convert float " + repr(value) + " to integer");
        }
        return integer(new BigDecimal(value).toBigInteger());
    }

    /** The shortest digits that give the number back; exponents from 16 digits on and below 0.0001. */
    static String repr(double value) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal exact = new BigDecimal(value);
        BigDecimal shortest = exact;
        for (int digits = 1; digits <= 17; digits++) {
            shortest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (shortest.doubleValue() == value) {
                break;
            }
        }
        shortest = shortest.stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            String plain = shortest.toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }
        String digits = shortest.unscaledValue().abs().toString();
        return (value < 0 ? "-" : "") + digits.charAt(0) + (digits.length() > 1 ? "." + digits.substring(1) : "") + "e"
                + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }

    private static boolean whole(Object a, Object b) {
        return isInteger(a) && isInteger(b);
    }

    private static void requireNotZero(Object value, String message) {
        if (real(value) == 0) {
            throw new Fault(message);
        }
    }
}
