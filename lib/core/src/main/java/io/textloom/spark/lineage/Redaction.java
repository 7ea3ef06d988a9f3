package io.textloom.spark.lineage;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes secrets out of what is written down: credentials and signatures in URIs, passwords in queries, settings whose names say that they hold a secret.
 *
 * <p>{@code s3a://KEY:SECRET@bucket/x?sig=abc} becomes {@code s3a://***@bucket/x?sig=***}. The container in {@code abfss://container@account…} is no secret and stays.
 */
public final class Redaction {
    public static final String HIDDEN = "***";

    private static final Set<String> SECRET_WORDS = Set.of(
            "password",
            "passwd",
            "pwd",
            "passphrase",
            "secret",
            "secrets",
            "credential",
            "credentials",
            "apikey",
            "accesskey",
            "secretkey",
            "sas",
            "bearer",
            "authorization");

    /** Words before {@code key} that make it one that opens something. */
    private static final Set<String> KEY_OWNERS =
            Set.of("api", "access", "private", "secret", "account", "encryption", "shared", "auth", "subscription");

    private static final String NAME = "[A-Za-z0-9_.-]*(?:password|passwd|passphrase|pwd|secret(?:[._-]?key)?"
            + "|credential|signature|token|api[._-]?key|access[._-]?key(?:[._-]?id)?|account[._-]?key"
            + "|private[._-]?key|sas)";

    /** Of URIs, encoded ones too: credentials and signatures go. Old S3 keys hold slashes, other credentials end at the first. */
    private static final List<Rule> IN_URIS = List.of(
            new Rule("(\\bs3[an]?://)[^\\s:/@'\"]+:[^@\\s'\"]+@", "$1" + HIDDEN + "@"),
            new Rule("(\\b(?:abfss?|wasbs?)://[^\\s:/?#@'\"]+):[^\\s/?#'\"]*@", "$1:" + HIDDEN + "@"),
            new Rule("(\\b(?!abfs|wasb)[A-Za-z][A-Za-z0-9+.-]{0,30}://)[^\\s/?#'\"]+@", "$1" + HIDDEN + "@"),
            new Rule(
                    "((?:[?&;]|%3F|%26)(?:sig|key|auth|code|x-[a-z]+-[a-z-]+|awsaccesskeyid|" + NAME
                            + ")=)[^&\\s'\";#)]+",
                    "$1" + HIDDEN),
            new Rule("()\\bA(?:KIA|SIA)[0-9A-Z]{16}\\b", "$1" + HIDDEN));

    /** Of queries and messages: a name and a secret, of which the secret goes. */
    private static final List<Rule> IN_WORDS = List.of(
            new Rule(
                    "(?<![A-Za-z0-9_.-])(" + NAME + ")(\\s*=\\s*)(?:'[^']*'|\"[^\"]*\"|[^\\s,;&)'\"*]+)",
                    "$1$2" + HIDDEN),
            new Rule("(?<![A-Za-z0-9_.-])(" + NAME + "['\"]?)(\\s+|\\s*:\\s*)'[^']*'", "$1$2'" + HIDDEN + "'"),
            new Rule("(?<![A-Za-z0-9_.-])(" + NAME + "['\"]?)(\\s*:\\s*)\"[^\"]*\"", "$1$2\"" + HIDDEN + "\""),
            new Rule("(\\bbearer\\s+)[A-Za-z0-9._~+/=-]{8,}", "$1" + HIDDEN));

    private Redaction() {}

    private record Rule(Pattern pattern, String instead) {
        Rule(String pattern, String instead) {
            this(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE), instead);
        }
    }

    /** A message or a query without what opens something. */
    public static String text(String text) {
        return hide(uris(text), IN_WORDS);
    }

    /** A text with its URIs without what opens something; its other words stay. */
    public static String uris(String text) {
        return hide(text, IN_URIS);
    }

    private static String hide(String text, List<Rule> rules) {
        String shown = text;
        for (Rule rule : rules) {
            Matcher matcher = rule.pattern().matcher(shown);
            if (matcher.find()) {
                shown = matcher.replaceAll(rule.instead());
            }
        }
        return shown;
    }

    /** What is read, as it may be written down: paths, tables, or {@code sql:} and a query. */
    public static List<String> inputs(List<String> inputs) {
        return inputs.stream().map(Redaction::value).toList();
    }

    /** Settings as they may be written down. @param settings key → value */
    public static SortedMap<String, String> settings(SortedMap<String, String> settings) {
        TreeMap<String, String> shown = new TreeMap<>();
        settings.forEach((key, value) -> shown.put(key, setting(key, value)));
        return shown;
    }

    public static String setting(String key, String value) {
        return !value.isEmpty() && isSecret(key) ? HIDDEN : value(value);
    }

    private static String value(String value) {
        return value.contains("sql:") ? text(value) : uris(value);
    }

    /** Whether a setting's name says that its value is a secret: {@code fs.s3a.secret.key}, {@code auth.apiKey}, but not {@code embed.maxTokens}. */
    public static boolean isSecret(String key) {
        String[] words = key.replaceAll("([a-z0-9])([A-Z])", "$1.$2")
                .toLowerCase(Locale.ROOT)
                .split("[._-]+");
        for (int i = 0; i < words.length; i++) {
            boolean last = i == words.length - 1;
            if (SECRET_WORDS.contains(words[i])
                    || (words[i].equals("key") && i > 0 && KEY_OWNERS.contains(words[i - 1]))
                    || (words[i].equals("token") && last)) {
                return true;
            }
        }
        return false;
    }

    /** Whether something was taken out, so that the text no longer names what it named. */
    public static boolean hidesSomething(String text) {
        return text.contains(HIDDEN);
    }
}
