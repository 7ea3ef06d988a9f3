package io.textloom.spark.lineage;

/**
 * What computing costs; 0 where it is not known.
 *
 * @param perCoreHour money for one executor core (a card's host counted by its cores) and hour
 * @param perMillionTokens money for a million tokens computed
 * @param currency name of the money, such as EUR
 */
public record PriceOptions(double perCoreHour, double perMillionTokens, String currency) {
    public static final PriceOptions NONE = new PriceOptions(0, 0, "USD");

    public PriceOptions {
        requirePrice("price.perCoreHour", perCoreHour);
        requirePrice("price.perMillionTokens", perMillionTokens);
        if (currency.isBlank()) {
            throw new IllegalArgumentException("price.currency is empty; expected the name of a money, such as EUR");
        }
    }

    private static void requirePrice(String key, double price) {
        if (!(price >= 0 && price < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(key + " is " + price + "; expected 0 (unknown) or a positive number");
        }
    }

    /** The same without what time costs. */
    PriceOptions ofTokens() {
        return new PriceOptions(0, perMillionTokens, currency);
    }

    boolean known() {
        return perCoreHour > 0 || perMillionTokens > 0;
    }
}
