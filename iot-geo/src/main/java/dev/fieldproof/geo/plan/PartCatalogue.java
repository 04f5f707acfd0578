package dev.fieldproof.geo.plan;

import dev.fieldproof.geo.geojson.GeoJsonException;
import dev.fieldproof.geo.geojson.GeoJsonReader;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
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
        prices.put("Li-ion battery 7.2 V 10 Ah with charger", 4_900L);
        prices.put("Li-SOCl2 battery 7.2 V 19 Ah", 4_200L);
        prices.put("Mains supply 5 V 2 A", 1_200L);
        prices.put("Gateway with antenna", 18_500L);
        return new PartCatalogue("EUR", prices);
    }

    /**
     * Reads a catalogue. As comma-separated values (RFC 4180) it is a heading {@code part,unit_price,currency}, then a
     * line for each part; as JSON, told apart by its brace, {@code {"currency":"EUR","parts":{"Bolt":0.35}}}. Parts
     * that it does not name keep the planning price only if the currency is the same.
     *
     * @param text the catalogue
     * @return the catalogue
     * @throws IllegalArgumentException if a line or part is wrong; names it
     */
    public static PartCatalogue parse(String text) {
        String csv = text.startsWith("\uFEFF") ? text.substring(1) : text;
        return csv.stripLeading().startsWith("{") ? parseJson(csv) : parseCsv(csv);
    }

    private static PartCatalogue parseJson(String text) {
        Object value;
        try {
            value = GeoJsonReader.json(text);
        } catch (GeoJsonException e) {
            throw new IllegalArgumentException("catalogue: " + e.getMessage(), e);
        }
        if (!(value instanceof Map<?, ?> map)
                || !(map.get("currency") instanceof String currency)
                || !currency.matches("[A-Z]{3}")
                || !(map.get("parts") instanceof Map<?, ?> parts)) {
            throw new IllegalArgumentException(
                    "a catalogue in JSON has a currency of three letters and an object of parts with their prices");
        }
        Map<String, Long> prices = new LinkedHashMap<>();
        parts.forEach((part, price) -> {
            boolean number = price instanceof Number || price instanceof String;
            String plain = price instanceof Number
                    ? new BigDecimal(price.toString()).stripTrailingZeros().toPlainString()
                    : String.valueOf(price);
            if (!number) {
                throw new IllegalArgumentException("catalogue part '" + part + "': no price");
            }
            prices.put(String.valueOf(part), cents("catalogue part '" + part + "': ", plain));
        });
        return completed(currency, prices);
    }

    private static long cents(String where, String price) {
        if (!price.matches("\\d{1,9}([.]\\d{1,2})?")) {
            throw new IllegalArgumentException(where + "'" + price + "' is no price such as 12.50");
        }
        return new BigDecimal(price).movePointRight(2).longValueExact();
    }

    private static PartCatalogue completed(String currency, Map<String, Long> prices) {
        PartCatalogue base = planningPrices();
        if (currency.equals(base.currency())) {
            base.unitCents().forEach(prices::putIfAbsent);
        }
        return new PartCatalogue(currency.isEmpty() ? base.currency() : currency, prices);
    }

    private static PartCatalogue parseCsv(String csv) {
        List<List<String>> lines = CsvText.parse(csv);
        if (lines.isEmpty() || !lines.get(0).equals(List.of("part", "unit_price", "currency"))) {
            throw new IllegalArgumentException("a catalogue begins with the line part,unit_price,currency");
        }
        Map<String, Long> prices = new LinkedHashMap<>();
        String currency = "";
        for (int i = 1; i < lines.size(); i++) {
            List<String> line = lines.get(i);
            String where = "catalogue line " + (i + 1) + ": ";
            if (line.size() != 3 || !line.get(2).matches("[A-Z]{3}")) {
                throw new IllegalArgumentException(where + "not a part, a price and a currency of three letters");
            }
            if (!currency.isEmpty() && !currency.equals(line.get(2))) {
                throw new IllegalArgumentException(where + line.get(2) + " after " + currency);
            }
            currency = line.get(2);
            if (prices.put(line.get(0), cents(where, line.get(1))) != null) {
                throw new IllegalArgumentException(where + "'" + line.get(0) + "' for the second time");
            }
        }
        return completed(currency, prices);
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
