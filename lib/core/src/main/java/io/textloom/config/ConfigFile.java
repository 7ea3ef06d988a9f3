package io.textloom.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A HOCON file read into values; includes and substitutions work, the environment included. */
final class ConfigFile {
    private final List<ResolvedValue> values = new ArrayList<>();

    private ConfigFile() {}

    /** @throws ConfigException if the file is missing, is no HOCON, or has an unknown key or a wrong type */
    static List<ResolvedValue> read(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new ConfigException("--config " + path + " is not a file; give the path of a HOCON file");
        }
        return values(parse(path));
    }

    /** @throws ConfigException if the file is no HOCON */
    static ConfigObject parse(Path path) {
        try {
            return ConfigFactory.parseFile(
                            path.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))
                    .resolve()
                    .root();
        } catch (com.typesafe.config.ConfigException e) {
            throw new ConfigException("The configuration file cannot be read: " + e.getMessage(), e);
        }
    }

    /** @throws ConfigException for an unknown key or a value of the wrong type */
    static List<ResolvedValue> values(ConfigObject object) {
        ConfigFile file = new ConfigFile();
        file.collect("", object);
        return List.copyOf(file.values);
    }

    /** As {@code nightly.conf:7}. */
    static Origin originOf(ConfigValue value) {
        return Origin.file(nameOf(value), value.origin().lineNumber());
    }

    private void collect(String prefix, ConfigObject object) {
        for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
            String key = prefix + entry.getKey();
            ConfigValue value = entry.getValue();
            if (value.valueType() == ConfigValueType.OBJECT
                    && Settings.find(key).isEmpty()) {
                collect(key + ".", (ConfigObject) value);
            } else if (value.valueType() != ConfigValueType.NULL) {
                Origin origin = originOf(value);
                Setting setting = KnownSettings.require(key, origin);
                values.add(new ResolvedValue(setting, valueOf(setting, value, origin), origin));
            }
        }
    }

    private static String nameOf(ConfigValue value) {
        String name = value.origin().filename();
        return name == null ? value.origin().description() : name;
    }

    private static Object valueOf(Setting setting, ConfigValue value, Origin origin) {
        return switch (value.valueType()) {
            case LIST -> items(setting, (ConfigList) value, origin);
            case OBJECT -> throw setting.mismatch("an object", origin);
            // a single text is one item: what a file writes needs no escapes of ours
            default -> setting.type() == ValueType.TEXTS ? List.of(text(value)) : setting.read(text(value), origin);
        };
    }

    private static List<String> items(Setting setting, ConfigList list, Origin origin) {
        if (!setting.type().isList()) {
            throw setting.mismatch("a list", origin);
        }
        List<String> items = new ArrayList<>(list.size());
        for (ConfigValue item : list) {
            if (item.valueType() == ConfigValueType.LIST
                    || item.valueType() == ConfigValueType.OBJECT
                    || item.valueType() == ConfigValueType.NULL) {
                throw setting.mismatch("a list with " + item.render(), origin);
            }
            items.add(text(item));
        }
        return List.copyOf(items);
    }

    private static String text(ConfigValue value) {
        return String.valueOf(value.unwrapped());
    }
}
