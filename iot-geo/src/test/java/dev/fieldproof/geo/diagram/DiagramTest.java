package dev.fieldproof.geo.diagram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.geo.kml.SiteReader;
import dev.fieldproof.geo.plan.EnergyYear;
import dev.fieldproof.geo.plan.Link;
import dev.fieldproof.geo.plan.PlanOptions;
import dev.fieldproof.geo.plan.SitePlan;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiagramTest {
    @TempDir
    private Path dir;

    private SitePlan plan() throws Exception {
        Path file = dir.resolve("site.kml");
        try (var in = SiteReader.class.getResourceAsStream("site-template.kml")) {
            Files.copy(in, file);
        }
        return SitePlan.of(SiteReader.read(file), PlanOptions.DEFAULT);
    }

    /** Relative luminance as WCAG 2.1 defines it. */
    private static double luminance(String colour) {
        double[] weights = {0.2126, 0.7152, 0.0722};
        double sum = 0;
        for (int i = 0; i < 3; i++) {
            double c = Integer.parseInt(colour.substring(1 + 2 * i, 3 + 2 * i), 16) / 255.0;
            sum += weights[i] * (c <= 0.03928 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4));
        }
        return sum;
    }

    private static double contrast(Theme theme, String one, String other) {
        double a = luminance(theme.colour(one));
        double b = luminance(theme.colour(other));
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }

    @Test
    void textAndSignsStandOutInBothThemes() {
        String[][] text = {{"ink", "page"}, {"soft", "page"}, {"onwarn", "warn"}, {"ink", "ground"}, {"ink", "seen1"}};
        String[][] signs = {{"link", "page"}, {"gate", "page"}, {"node", "page"}, {"warn", "blind"}, {"wallink", "wall"}
        };
        for (Theme theme : Theme.values()) {
            for (String[] pair : text) {
                double contrast = contrast(theme, pair[0], pair[1]);
                assertTrue(contrast >= 4.5, () -> theme + " " + pair[0] + " on " + pair[1] + ": " + contrast);
            }
            for (String[] pair : signs) {
                double contrast = contrast(theme, pair[0], pair[1]);
                assertTrue(contrast >= 3, () -> theme + " " + pair[0] + " on " + pair[1] + ": " + contrast);
            }
        }
    }

    @Test
    void drawingsAreWellFormedTitledAndWithoutScript() throws Exception {
        SitePlan plan = plan();
        EnergyYear year = plan.forecast().year();
        List<String> drawings =
                List.of(SiteMap.render(plan), TopologyChart.render(plan), EnergyChart.render(year, plan.digest()));
        for (String drawing : drawings) {
            var root = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(drawing.getBytes(StandardCharsets.UTF_8)))
                    .getDocumentElement();
            assertEquals("svg", root.getTagName());
            assertEquals(1, root.getElementsByTagName("desc").getLength());
            assertTrue(root.getElementsByTagName("metadata")
                    .item(0)
                    .getTextContent()
                    .contains(plan.digest()));
            assertFalse(drawing.contains("<script") || drawing.contains("@import") || drawing.contains("href"));
        }
        for (Link link : plan.topology().links()) {
            assertTrue(drawings.get(1).contains("<title>" + link.from() + " to "), link::from);
        }
    }

    @Test
    void aSiteWithoutAPlanShowsItsSensorsAndClaimsNothingOfNodes() throws Exception {
        SitePlan plan = plan();
        SitePlan existing = SitePlan.existing(plan.site(), PlanOptions.DEFAULT);
        String map = SiteMap.render(existing);
        assertTrue(map.contains(">1 sensor sees ") && map.contains(">Sensors<") && map.contains(">Old camera<"), map);
        assertFalse(map.contains("proven") || map.contains("nodes") || map.contains("radio link"), map);
        assertTrue(SiteMap.render(plan).contains("(proven)"));
    }

    @Test
    void everyPathIsMadeOfCommandsAndNumbers() throws Exception {
        Matcher paths = Pattern.compile(" d=\"([^\"]*)\"").matcher(SiteMap.render(plan()));
        int count = 0;
        while (paths.find()) {
            String path = paths.group(1);
            assertTrue(path.matches("([MLHVAZmlhvz]|[-+]?[0-9]*\\.?[0-9]+|[ ,])*"), path);
            count++;
        }
        assertTrue(count > 10, "paths: " + count);
    }

    @Test
    void labelsOnTheMapDoNotCollide() throws Exception {
        String map = SiteMap.render(plan());
        Matcher text = Pattern.compile(
                        "<text x=\"([-\\d.]+)\" y=\"([-\\d.]+)\" class=\"halo (bold )?mid( small)?( soft)?\">([^<]*)")
                .matcher(map);
        List<LabelPlacer.Box> boxes = new ArrayList<>();
        while (text.find()) {
            double size = text.group(4) == null ? 3.6 : 3.2;
            double x = Double.parseDouble(text.group(1));
            double y = Double.parseDouble(text.group(2));
            // What letters really take: the placer allows for more.
            double half = text.group(6).length() * size * 0.5 / 2;
            boxes.add(new LabelPlacer.Box(x - half, y - 0.75 * size, x + half, y));
        }
        assertTrue(boxes.size() > 4, () -> "labels: " + boxes.size());
        for (int i = 0; i < boxes.size(); i++) {
            for (int j = 0; j < i; j++) {
                assertFalse(boxes.get(i).meets(boxes.get(j)), boxes.get(i) + " and " + boxes.get(j));
            }
        }
    }
}
