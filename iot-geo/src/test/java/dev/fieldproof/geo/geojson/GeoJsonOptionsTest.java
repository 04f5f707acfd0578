package dev.fieldproof.geo.geojson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GeoJsonOptionsTest {
    private static String written(GeoJsonOptions options, Geometry... geometries) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GeoJsonWriter writer = new GeoJsonWriter(out, Map.of(), options)) {
            for (Geometry geometry : geometries) {
                writer.write(new Feature(null, geometry, Map.of()));
            }
            writer.write(new Feature("empty", null, Map.of()));
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Geometry line(int dimension, double... values) {
        return new Geometry.LineString(Positions.of(values, dimension));
    }

    @Test
    void boxesStandOnFeaturesAndOnTheCollection() throws Exception {
        String json =
                written(new GeoJsonOptions(true, GeoJsonOptions.EXACT), line(2, 1, 2, 3, -4), line(2, 5, 0, 6, 9));
        assertTrue(json.contains("\"bbox\":[1,-4,3,2],\"geometry\""), json);
        assertTrue(json.contains("\"bbox\":[5,0,6,9],\"geometry\""), json);
        assertTrue(json.endsWith("\n],\"bbox\":[1,-4,6,9]}\n"), json);
        assertEquals(3, json.split("bbox", -1).length - 1, "none on the feature without a geometry");
    }

    @Test
    void altitudesAreInTheBoxIfAllHaveOne() throws Exception {
        GeoJsonOptions boxes = new GeoJsonOptions(true, GeoJsonOptions.EXACT);
        assertTrue(written(boxes, line(3, 1, 2, 30, 3, 4, 10)).contains("\"bbox\":[1,2,10,3,4,30]"));
        assertTrue(
                written(boxes, line(3, 1, 2, 30, 3, 4, 10), line(2, 0, 0, 1, 1)).endsWith("\"bbox\":[0,0,3,4]}\n"));
    }

    @Test
    void whatWasCutAtTheAntimeridianHasItsWestInTheEast() throws Exception {
        Geometry cut = Antimeridian.cut(line(2, 179, 10, -178, 11));
        String json = written(new GeoJsonOptions(true, 3), cut);
        assertTrue(json.contains("\"bbox\":[179,10,-178,11]"), json);
        Geometry world = line(2, -180, 0, 0, 0, 180, 0);
        assertTrue(written(new GeoJsonOptions(true, 3), world).contains("\"bbox\":[-180,0,180,0]"));
    }

    @Test
    void everyKindOfGeometryCounts() throws Exception {
        Geometry.Polygon polygon =
                new Geometry.Polygon(List.of(Positions.of(new double[] {0, 0, 4, 0, 4, 4, 0, 0}, 2)));
        Geometry all = new Geometry.GeometryCollection(List.of(
                new Geometry.Point(Positions.of(new double[] {-1, 0}, 2)),
                new Geometry.MultiPoint(Positions.of(new double[] {0, -2}, 2)),
                new Geometry.MultiLineString(List.of(Positions.of(new double[] {0, 0, 9, 0}, 2))),
                new Geometry.MultiPolygon(List.of(polygon))));
        assertTrue(written(new GeoJsonOptions(true, GeoJsonOptions.EXACT), all).contains("\"bbox\":[-1,-2,9,4]"));
    }

    @Test
    void coordinatesAreRoundedOnRequestOnly() throws Exception {
        Geometry line = line(2, 1.23456789, -0.00000004, 1e-9, 7);
        assertTrue(written(new GeoJsonOptions(false, 6), line).contains("[[1.234568,0],[0,7]]"));
        assertTrue(written(new GeoJsonOptions(false, 0), line).contains("[[1,0],[0,7]]"));
        assertTrue(written(GeoJsonOptions.DEFAULT, line).contains("1.23456789"));
        assertEquals(1e300, new GeoJsonOptions(false, 15).rounded(1e300));
    }

    @Test
    void impossibleDecimalsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new GeoJsonOptions(false, 16));
        assertThrows(IllegalArgumentException.class, () -> new GeoJsonOptions(false, -2));
    }
}
