package dev.fieldproof.geo.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class PartCatalogueTest {
    private static final String HEAD = "part,unit_price,currency\r\n";

    private static String refusal(String csv) {
        return assertThrows(IllegalArgumentException.class, () -> PartCatalogue.parse(csv))
                .getMessage();
    }

    @Test
    void pricesAreReadExactly() {
        PartCatalogue catalogue = PartCatalogue.parse("\uFEFF" + HEAD + "\"Mast, 6 m\",12.5,USD\nBolt,3,USD\n\n");
        assertEquals("USD", catalogue.currency());
        assertEquals(1_250L, catalogue.unitCents().get("Mast, 6 m"));
        assertEquals(300L, catalogue.unitCents().get("Bolt"));
        assertNull(catalogue.unitCents().get("Gateway with antenna"), "euro prices are no dollars");
        assertTrue(PartCatalogue.parse(HEAD + "Bolt,3,EUR\n").unitCents().containsKey("Gateway with antenna"));
    }

    @Test
    void jsonSaysTheSame() {
        PartCatalogue csv = PartCatalogue.parse(HEAD + "Mast,12.5,EUR\nBolt,3,EUR\nNut,0.05,EUR\n");
        PartCatalogue json = PartCatalogue.parse(
                " {\"currency\":\"EUR\",\"parts\":{\"Mast\":12.50,\"Bolt\":3,\"Nut\":\"0.05\"},\"by\":\"us\"}");
        assertEquals(csv, json);
        assertEquals(5L, json.unitCents().get("Nut"));
        assertTrue(refusal("{\"currency\":\"EUR\",\"parts\":{\"Bolt\":3.001}}").contains("'Bolt': '3.001'"));
        assertTrue(refusal("{\"currency\":\"EUR\",\"parts\":{\"Bolt\":-3}}").contains("'Bolt'"));
        assertTrue(refusal("{\"currency\":\"EUR\",\"parts\":{\"Bolt\":null}}").contains("'Bolt': no price"));
        assertTrue(refusal("{\"currency\":\"euro\",\"parts\":{}}").contains("three letters"));
        assertTrue(refusal("{\"currency\":\"EUR\",\"parts\":{} ").contains("ends"));
        assertTrue(refusal("{\"currency\":\"EUR\",\"parts\":{}} {").contains("after the end"));
    }

    @Test
    void mistakesNameTheLine() {
        assertTrue(refusal("name;price").contains("part,unit_price,currency"));
        assertTrue(refusal(HEAD + "Bolt,3\n").contains("line 2"));
        assertTrue(refusal(HEAD + "Bolt,3,EUR\nNut,-1,EUR\n").contains("line 3"));
        assertTrue(refusal(HEAD + "Bolt,3.001,EUR\n").contains("'3.001'"));
        assertTrue(refusal(HEAD + "Bolt,3,EUR\nNut,1,USD\n").contains("USD after EUR"));
        assertTrue(refusal(HEAD + "Bolt,3,EUR\nBolt,4,EUR\n").contains("second time"));
        assertTrue(refusal(HEAD + "\"Bolt,3,EUR\n").contains("does not close"));
    }

    @Test
    void csvFieldsFollowRfc4180() {
        assertEquals(
                List.of(List.of("a", "b \"c\", d", ""), List.of("e\nf", "g")),
                CsvText.parse("a,\"b \"\"c\"\", d\",\r\n\r\n\"e\nf\",g"));
        assertEquals(List.of(List.of("a", "")), CsvText.parse("a,"));
        assertEquals("a,\"b,\"\r\n", CsvText.line(List.of("a", "b,")));
    }
}
