package io.textloom.constrain;

import java.util.Map;
import java.util.TreeMap;

/** Formats of strings that are followed, as regular expressions; each matches only texts of its format, not always all of them. */
final class Formats {
    private static final String YEAR = "[12]\\d{3}";
    private static final String LEAP = "([12]\\d(0[48]|[2468][048]|[13579][26])|(1[26]|2[048])00)";
    private static final String DATE = "(" + YEAR
            + "-((0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])|(0[469]|11)-(0[1-9]|[12]\\d|30)|02-(0[1-9]|1\\d|2[0-8]))|"
            + LEAP + "-02-29)";
    private static final String TIME =
            "([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,6})?(Z|[+-](0\\d|1[0-3]):(00|30|45))";
    private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?";
    private static final String HOST = LABEL + "(\\." + LABEL + "){0,4}";
    private static final String BYTE = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final String HOUR_PARTS = "(\\d{1,4}H(\\d{1,4}M(\\d{1,4}S)?)?|\\d{1,4}M(\\d{1,4}S)?|\\d{1,4}S)";
    private static final String DAY_PARTS = "(\\d{1,4}Y(\\d{1,4}M(\\d{1,4}D)?)?|\\d{1,4}M(\\d{1,4}D)?|\\d{1,4}D)";

    private static final Map<String, String> PATTERNS = new TreeMap<>(Map.ofEntries(
            Map.entry("date", DATE),
            Map.entry("time", TIME),
            Map.entry("date-time", DATE + "T" + TIME),
            Map.entry("duration", "P(" + DAY_PARTS + "(T" + HOUR_PARTS + ")?|T" + HOUR_PARTS + "|\\d{1,4}W)"),
            Map.entry("uuid", "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
            Map.entry(
                    "email",
                    "[A-Za-z0-9_+-]{1,32}(\\.[A-Za-z0-9_+-]{1,16}){0,2}@" + LABEL + "(\\." + LABEL
                            + "){0,3}\\.[A-Za-z]{2,12}"),
            Map.entry("hostname", HOST),
            Map.entry("ipv4", BYTE + "(\\." + BYTE + "){3}"),
            Map.entry("ipv6", "[0-9a-f]{1,4}(:[0-9a-f]{1,4}){7}"),
            Map.entry(
                    "uri",
                    "https?://" + HOST + "(:[1-9]\\d{0,3})?(/[A-Za-z0-9._~-]{1,64}){0,16}/?"
                            + "(\\?[A-Za-z0-9._~=&+-]{1,128})?(#[A-Za-z0-9._~-]{1,64})?")));

    private Formats() {}

    /** @throws ConstraintException if the format is none of those */
    static Expr of(String format, String at) {
        String pattern = PATTERNS.get(format);
        if (pattern == null) {
            throw new ConstraintException("jsonSchema " + at + " has the format \"" + format + "\"; expected one of "
                    + PATTERNS.keySet() + ": leave it out, or say it as a pattern");
        }
        return RegexParser.whole(pattern, "format");
    }
}
