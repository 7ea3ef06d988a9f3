package io.textloom.spark.lineage;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Optional;

/**
 * What a run cost at the prices it was told.
 *
 * @param coreHours executor cores held from the run's begin to its end, idle ones too: that is what is paid for
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Cost(double amount, String currency, double coreHours) {
    /** Empty where no price is known. @param coreSeconds executor cores times the seconds they were held */
    static Optional<Cost> of(PriceOptions prices, double coreSeconds, long tokens) {
        if (!prices.known()) {
            return Optional.empty();
        }
        double coreHours = coreSeconds / 3600;
        double amount = prices.perCoreHour() * coreHours + prices.perMillionTokens() * tokens / 1e6;
        return Optional.of(new Cost(amount, prices.currency(), coreHours));
    }
}
