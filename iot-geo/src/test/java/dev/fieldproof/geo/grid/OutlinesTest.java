package dev.fieldproof.geo.grid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.fieldproof.core.sim.SeededRuns;
import dev.fieldproof.geo.PlaneBox;
import dev.fieldproof.geo.PlanePolygon;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutlinesTest {
    private static final PlaneBox BOX = new PlaneBox(0, 0, 19_999, 19_999);

    @Test
    void aRingOfCellsHasAHole() {
        CellSet set = new CellSet(ZoneGrid.square(BOX, 1_000));
        for (int i = 0; i < 9; i++) {
            if (i != 4) {
                set.add(3 + i % 3, 3 + i / 3);
            }
        }
        List<PlanePolygon> outlines = Outlines.of(set);
        assertEquals(1, outlines.size());
        assertEquals(2, outlines.get(0).ringCount());
        assertEquals(8, outlines.get(0).areaSquareMetres());
        assertEquals(4, outlines.get(0).ring(0).length / 2, "straight corners are left out");
    }

    @Test
    void outlinesKeepTheAreaAndRegionsKeepTheCells() {
        SeededRuns.check(200, random -> {
            ZoneGrid grid = random.nextBoolean() ? ZoneGrid.square(BOX, 1_000) : ZoneGrid.hexagonal(BOX, 1_000);
            CellSet set = new CellSet(grid);
            int share = random.nextInt(1, 10);
            for (int row = 0; row < grid.rows(); row++) {
                for (int column = 0; column < grid.columns(); column++) {
                    if (random.nextInt(10) < share) {
                        set.add(column, row);
                    }
                }
            }
            double area = Outlines.of(set).stream()
                    .mapToDouble(PlanePolygon::areaSquareMetres)
                    .sum();
            assertEquals(set.size() * grid.cellSquareMetres(), area, 1e-6);
            CellSet together = new CellSet(grid);
            int size = 0;
            for (CellSet region : Outlines.regions(set)) {
                size += region.size();
                together.addAll(region);
            }
            assertEquals(set, together);
            assertEquals(set.size(), size);
        });
    }

    @Test
    void neighbouringHexagonsShareAllCorners() {
        CellSet set = new CellSet(ZoneGrid.hexagonal(BOX, 1_000));
        set.add(5, 5);
        set.add(6, 5);
        set.add(6, 6);
        assertEquals(1, Outlines.of(set).size());
        assertEquals(1, Outlines.regions(set).size());
    }

    @Test
    void sizesThatHaveNoWholeCentreAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> ZoneGrid.square(BOX, 1_001));
        assertThrows(IllegalArgumentException.class, () -> ZoneGrid.hexagonal(BOX, 1_002));
        assertThrows(
                IllegalArgumentException.class,
                () -> ZoneGrid.square(new PlaneBox(0, 0, 1_000_000_000, 1_000_000_000), 20));
    }
}
