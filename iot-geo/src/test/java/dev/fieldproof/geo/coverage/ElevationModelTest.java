package dev.fieldproof.geo.coverage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fieldproof.core.sim.SeededRuns;
import dev.fieldproof.geo.GeoPosition;
import dev.fieldproof.geo.LocalProjection;
import dev.fieldproof.geo.PlaneBox;
import dev.fieldproof.geo.coverage.ElevationException.Rule;
import dev.fieldproof.geo.grid.ZoneGrid;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElevationModelTest {
    private static final String HEADING = """
            ncols 3
            nrows 2
            xllcorner 10
            yllcorner 50
            cellsize 0.5
            """;
    private static final String GRID = HEADING + "NODATA_value -1\n1 2 3\n4 5.5 -1\n";

    @TempDir
    private Path dir;

    private ElevationModel read(String text) throws IOException, ElevationException {
        return ElevationModel.read(Files.writeString(dir.resolve("g.asc"), text));
    }

    private static int at(ElevationModel model, double longitude, double latitude) throws ElevationException {
        return model.heightMillimetres(new GeoPosition(longitude, latitude));
    }

    private Rule refused(String text) {
        return assertThrows(ElevationException.class, () -> read(text), text).rule();
    }

    @Test
    void rowsGoFromNorthToSouthAndPostsAreInTheMiddleOfCells() throws Exception {
        ElevationModel model = read(GRID);
        assertEquals(1_000, at(model, 10.25, 50.75));
        assertEquals(3_000, at(model, 11.25, 50.75));
        assertEquals(4_000, at(model, 10.25, 50.25));
        assertEquals(5_500, at(model, 10.75, 50.25));
        assertEquals(1_500, at(model, 10.5, 50.75), "half way east");
        assertEquals(2_500, at(model, 10.25, 50.5), "half way south");
        assertEquals((1_000 + 2_000 + 4_000 + 5_500) / 4, at(model, 10.5, 50.5), "in the middle of four");
        assertEquals(1_000, at(model, 10, 51), "the outer half of a cell is its post's");
        assertEquals(
                at(read(GRID), 10.4, 50.6),
                at(
                        read(GRID.replace("xllcorner 10", "xllcenter 10.25")
                                .replace("yllcorner 50", "YLLCENTER 50.25")),
                        10.4,
                        50.6));
        assertEquals(
                at(read(GRID), 10.4, 50.6),
                at(read(GRID.replace("cellsize 0.5", "dx 0.5\ndy 0.5").replace('\n', '\r')), 10.4, 50.6));
    }

    @Test
    void whereNoHeightIsKnownNoneIsInvented() throws Exception {
        ElevationModel model = read(GRID);
        for (double[] place : new double[][] {{11.25, 50.25}, {11, 50.3}, {9.99, 50.5}, {11.51, 50.5}, {10.5, 49.9}}) {
            Rule rule = assertThrows(ElevationException.class, () -> at(model, place[0], place[1]))
                    .rule();
            assertEquals(Rule.NOT_COVERED, rule);
        }
        assertEquals(2_000, at(model, 10.75, 50.75), "an unknown neighbour without a share does not count");
        ElevationModel edge = read(GRID.replace("xllcorner 10", "xllcorner 178.5"));
        assertEquals(3_000, at(edge, 179.75, 50.75));
        assertEquals(3_000, at(edge, -180, 50.75), "the same place from the other side");
    }

    @Test
    void brokenGridsAreRefusedByRule() {
        assertEquals(Rule.BAD_HEADING, refused("hello world"));
        assertEquals(Rule.BAD_HEADING, refused("1 2 3"));
        assertEquals(Rule.BAD_HEADING, refused(GRID.replace("ncols 3", "ncols 2.5")));
        assertEquals(Rule.BAD_HEADING, refused(GRID.replace("nrows 2\n", "")));
        assertEquals(Rule.BAD_HEADING, refused(GRID.replace("xllcorner 10", "xllcorner 565000")));
        assertEquals(Rule.BAD_HEADING, refused(GRID.replace("cellsize 0.5", "cellsize 0")));
        assertEquals(Rule.BAD_NUMBER, refused(GRID.replace("5.5", "five")));
        assertEquals(Rule.BAD_NUMBER, refused(GRID.replace("5.5", "5".repeat(100))));
        assertEquals(Rule.HEIGHT_RANGE, refused(GRID.replace("5.5", "10001")));
        assertEquals(Rule.WRONG_LENGTH, refused(HEADING + "1 2 3 4 5"));
        assertEquals(Rule.WRONG_LENGTH, refused(GRID + "7"));
        assertEquals(Rule.WRONG_LENGTH, refused(HEADING));
        assertEquals(Rule.WRONG_LENGTH, refused(""));
        assertEquals(Rule.WRONG_LENGTH, refused(GRID.replace("ncols 3", "ncols 30000")), "nothing is allocated for it");
        assertEquals(Rule.LIMIT_EXCEEDED, refused(GRID.replace("ncols 3", "ncols 100000000")));
    }

    @Test
    void aTileIsPlacedByItsName() throws Exception {
        int side = 1201;
        ByteBuffer tile = ByteBuffer.allocate(2 * side * side);
        for (int row = 0; row < side; row++) {
            for (int column = 0; column < side; column++) {
                tile.putShort((short) (row == 0 && column == 0 ? Short.MIN_VALUE : row + column));
            }
        }
        ElevationModel south = ElevationModel.read(Files.write(dir.resolve("S35W071.hgt"), tile.array()));
        assertEquals(2_400_000, at(south, -70, -35));
        assertEquals(1_200_000, at(south, -71, -35));
        assertEquals(1_200_000, at(south, -70.5, -34.5));
        assertThrows(ElevationException.class, () -> at(south, -71, -34), "a void");
        for (String wrong : new String[] {"x.hgt", "N54E009.hgt", "N99E009.hgt"}) {
            byte[] bytes = wrong.equals("N54E009.hgt") ? new byte[100] : tile.array();
            assertThrows(
                    ElevationException.class, () -> ElevationModel.read(Files.write(dir.resolve(wrong), bytes)), wrong);
        }
    }

    @Test
    void theTerrainUnderASiteIsAskedAtEachCell() throws Exception {
        LocalProjection plane = LocalProjection.centredOn(new GeoPosition(10.75, 50.5));
        ZoneGrid grid = ZoneGrid.square(new PlaneBox(-9_999, -9_999, 9_999, 9_999), 1_000);
        ElevationModel model = read(HEADING + "0 1000 2000\n0 1000 2000\n");
        Terrain terrain = model.over(grid, plane);
        for (int column = 0; column < grid.columns(); column++) {
            double longitude = plane.toPosition(grid.centre(column, 3)).longitudeDegrees();
            assertEquals((longitude - 10.25) * 2_000_000, terrain.heightMillimetres(column, 3), 1);
        }
        ZoneGrid wide = ZoneGrid.square(new PlaneBox(0, 0, 200_000_000, 1_000), 100_000);
        assertThrows(ElevationException.class, () -> model.over(wide, plane));
    }

    @Test
    void changedBytesGiveHeightsOrATypedRefusal() {
        byte[] whole = GRID.getBytes(StandardCharsets.UTF_8);
        int[] outcomes = new int[2];
        SeededRuns.check(2_000, random -> {
            byte[] bytes = whole.clone();
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                int at = random.nextInt(bytes.length);
                bytes[at] = random.nextBoolean() ? (byte) random.nextInt(256) : bytes[random.nextInt(bytes.length)];
            }
            try {
                ElevationModel.read(Files.write(dir.resolve("fuzz.asc"), bytes));
                outcomes[0]++;
            } catch (ElevationException e) {
                outcomes[1]++;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        assertTrue(outcomes[0] > 100 && outcomes[1] > 100, () -> outcomes[0] + " " + outcomes[1]);
    }

    /** The same grid by GDAL's own writer, in the form that it chooses. */
    @Test
    void aGridWrittenByGdalIsRead() throws Exception {
        Path gdal = Path.of("/usr/bin/gdal_translate");
        assumeTrue(Files.isExecutable(gdal), "skipped: gdal_translate is not installed");
        Path from = Files.writeString(dir.resolve("from.asc"), GRID);
        Path to = dir.resolve("to.asc");
        Process process = new ProcessBuilder(
                        gdal.toString(), "-q", "-of", "AAIGrid", "-outsize", "6", "4", from.toString(), to.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        ElevationModel twice = ElevationModel.read(to);
        assertEquals(1_000, at(twice, 10.125, 50.875));
        assertEquals(5_500, at(twice, 10.875, 50.125));
        assertThrows(ElevationException.class, () -> at(twice, 11.4, 50.1));
    }
}
