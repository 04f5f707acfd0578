package dev.fieldproof.geo.plan;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Parts and prices.
 *
 * @param currency ISO 4217 code
 * @param unitCents price of one of each part, by name
 */
public record PartCatalogue(String currency, Map<String, Long> unitCents) {
    /** Copies the map. */
    public PartCatalogue {
        unitCents = Collections.unmodifiableMap(new LinkedHashMap<>(unitCents));
    }

    /**
     * A catalogue of planning prices in euro: round guesses to compare plans with, not offers.
     *
     * @return the catalogue
     */
    public static PartCatalogue planningPrices() {
        Map<String, Long> prices = new LinkedHashMap<>();
        prices.put("5 MP camera 110°", 3_900L);
        prices.put("ESP32-S3 controller board", 1_450L);
        prices.put("Enclosure IP65 with bracket", 2_800L);
        prices.put("Solar panel 10 W", 2_400L);
        prices.put("LiFePO4 battery 6.4 V 12 Ah with charger", 5_600L);
        prices.put("Mains supply 5 V 2 A", 1_200L);
        prices.put("Gateway with antenna", 18_500L);
        return new PartCatalogue("EUR", prices);
    }

    /** A line of a bill of materials. */
    BillOfMaterials.Line line(String part, int quantity, String purpose) {
        Long price = unitCents.get(part);
        if (price == null) {
            throw new IllegalArgumentException("part '" + part + "' is not in the catalogue");
        }
        return new BillOfMaterials.Line(part, quantity, price, purpose);
    }
}
