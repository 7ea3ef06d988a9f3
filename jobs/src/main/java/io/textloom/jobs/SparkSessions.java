package io.textloom.jobs;

import io.textloom.config.Level;
import io.textloom.config.ResolvedSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/** Opens Spark sessions; what Spark itself was told stands above what is set here. */
final class SparkSessions {
    private static final String DEFAULT_MASTER = "local[*]";

    /** As in conf/log4j2.properties. */
    private static final List<String> TASK_FAILURE_LOGGERS =
            List.of("org.apache.spark.executor.Executor", "org.apache.spark.scheduler.TaskSetManager");

    /** Spark's own does not know keys of services by these names. */
    private static final String SECRETS =
            "(?i)secret|password|passwd|token|credential|(access|api|account|private)[._-]?key";

    private SparkSessions() {}

    /** Spark properties of this process: those of spark-submit and of {@code -Dspark.*}. */
    static Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>();
        for (Tuple2<String, String> property : new SparkConf().getAll()) {
            properties.put(property._1(), property._2());
        }
        return properties;
    }

    /** @param work what the session is for; a part of the application's name where none is set */
    static SparkSession open(ResolvedSettings settings, String work, Console console, boolean verbose) {
        SparkConf conf = new SparkConf();
        setLogLevel(conf, verbose);
        String master = master(conf, settings, console);
        conf.setMaster(master);
        conf.setAppName(conf.get("spark.app.name", "textloom " + work));
        conf.setIfMissing("spark.redaction.regex", SECRETS);
        conf.setIfMissing("spark.ui.showConsoleProgress", "false");
        conf.setIfMissing("spark.executorEnv.TOKENIZERS_PARALLELISM", "false");
        if (isLocal(master)) {
            conf.setIfMissing("spark.ui.enabled", "false");
            conf.setIfMissing("spark.driver.host", "localhost");
            conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
            // Spark's local scheduler looks at waiting tasks only when another one ends: one that waits for a better
            // place, as HDFS may say, could wait for ever
            conf.setIfMissing("spark.locality.wait", "0s");
            conf.setIfMissing(
                    "spark.sql.shuffle.partitions",
                    String.valueOf(4 * Runtime.getRuntime().availableProcessors()));
        }
        if (!isLocal(master)) {
            ownJar().ifPresent(jar -> conf.setIfMissing("spark.jars", jar));
        }
        return SparkSession.builder().config(conf).getOrCreate();
    }

    /**
     * Spark's own master if it has one. spark-submit fills in {@code local[*]} where none is given, so that value gives
     * way to one that was set.
     */
    private static String master(SparkConf conf, ResolvedSettings settings, Console console) {
        String submitted = conf.get("spark.master", "");
        String asked = settings.text("master");
        boolean set = settings.origin("master").level() != Level.DEFAULT;
        if (submitted.isEmpty() || submitted.equals(DEFAULT_MASTER)) {
            return set && !asked.isBlank() ? asked : DEFAULT_MASTER;
        }
        if (settings.origin("master").level().compareTo(Level.FILE) > 0 && !asked.equals(submitted)) {
            console.err()
                    .println("textloom: master is " + submitted + ", as submitted; " + asked + " (from "
                            + settings.origin("master").place() + ") is not used");
        }
        return submitted;
    }

    /** What executors need where spark-submit did not send it. */
    private static Optional<String> ownJar() {
        return Optional.ofNullable(Main.class.getProtectionDomain().getCodeSource())
                .map(source -> source.getLocation().toString())
                .filter(location -> location.endsWith(".jar"));
    }

    static boolean isLocal(String master) {
        return master.equals("local") || master.startsWith("local[");
    }

    /**
     * Quiet, unless the user brought a log4j configuration. Under spark-submit Spark sets up its logging anew at its first message, which would undo ours, so
     * it is made to do that first. A failed task is told by the message the run ends with, so its stack trace waits for {@code --verbose}.
     */
    private static void setLogLevel(SparkConf conf, boolean verbose) {
        conf.initializeLogIfNecessary(false, true);
        if (verbose) {
            Configurator.setAllLevels(LogManager.ROOT_LOGGER_NAME, org.apache.logging.log4j.Level.INFO);
            return;
        }
        if (LogManager.getContext(false) instanceof LoggerContext context) {
            String location =
                    context.getConfiguration().getConfigurationSource().getLocation();
            if (location == null || location.contains("log4j2-defaults")) {
                Configurator.setAllLevels(LogManager.ROOT_LOGGER_NAME, org.apache.logging.log4j.Level.ERROR);
                TASK_FAILURE_LOGGERS.forEach(name -> Configurator.setLevel(name, org.apache.logging.log4j.Level.OFF));
            }
        }
    }
}
