package dev.fieldproof.geo.diagram;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The colours of a drawing by role. Steps of coverage differ in lightness and pattern, warnings and links in hue as
 * well (after the palette of Okabe and Ito), so no meaning rests on hue alone.
 */
enum Theme {
    LIGHT(
            "#ffffff", "#16202b", "#475462", "#f3f5f7", "#d9e8f6", "#a9cdec", "#6ea9db", "#ffffff", "#a33c00",
            "#ffffff", "#c3c8ce", "#3d4650", "#5b2a6b", "#10202e", "#ffffff", "#00573d"),
    DARK(
            "#10161d", "#eef2f6", "#b4c0cc", "#18212b", "#1d3a55", "#2b5a86", "#3f80bb", "#10161d", "#ffb07a",
            "#10161d", "#46505b", "#c9d2db", "#e3b5f0", "#f4f7fa", "#10161d", "#7fe0bd");

    static final String[] ROLES = {
        "page", "ink", "soft", "ground", "seen1", "seen2", "seen3", "blind", "warn", "onwarn", "wall", "wallink",
        "link", "node", "onnode", "gate"
    };

    private final String colours;

    Theme(String... colours) {
        this.colours = String.join(" ", colours);
    }

    /** The colour of a role as #rrggbb. */
    String colour(String role) {
        String colour = byRole().get(role);
        if (colour == null) {
            throw new IllegalArgumentException("no colour for " + role);
        }
        return colour;
    }

    private Map<String, String> byRole() {
        Map<String, String> map = new LinkedHashMap<>();
        String[] list = colours.split(" ", -1);
        for (int i = 0; i < ROLES.length; i++) {
            map.put(ROLES[i], list[i]);
        }
        return map;
    }

    private String variables() {
        StringBuilder css = new StringBuilder();
        byRole().forEach((role, colour) ->
                css.append("--").append(role).append(':').append(colour).append(';'));
        return css.toString();
    }

    /** The style sheet: light by default and on paper, dark where the reader prefers it. */
    static String styleSheet() {
        return "svg{" + LIGHT.variables() + "}"
                + "@media (prefers-color-scheme:dark){svg{" + DARK.variables() + "}}"
                + "@media print{svg{" + LIGHT.variables() + "}}"
                + "text{font-family:Helvetica,Arial,'Liberation Sans',sans-serif;font-size:3.6px;fill:var(--ink)}"
                + ".page{fill:var(--page)}.ground{fill:var(--ground)}"
                + ".seen1{fill:var(--seen1)}.seen2{fill:var(--seen2)}.seen3{fill:var(--seen3)}"
                + ".dots{fill:var(--page)}"
                + ".edge{fill:none;stroke:var(--ink);stroke-width:.5}"
                + ".blind{fill:var(--blind);stroke:var(--warn);stroke-width:.35}"
                + ".stripe{stroke:var(--warn);stroke-width:.3;fill:none}"
                + ".badge{fill:var(--warn)}.onbadge{fill:var(--onwarn);font-weight:700}"
                + ".wall{fill:var(--wall);stroke:var(--wallink);stroke-width:.3}"
                + ".keepout{fill:none;stroke:var(--soft);stroke-width:.35;stroke-dasharray:1.4 .9}"
                + ".zone{fill:none;stroke:var(--gate);stroke-width:.5;stroke-dasharray:3 1}"
                + ".link{stroke:var(--link);stroke-width:.45;fill:none;stroke-dasharray:2 .8}"
                + ".view{fill:var(--node);fill-opacity:.28}"
                + ".mount{fill:var(--page);stroke:var(--soft);stroke-width:.3}"
                + ".node{fill:var(--node);stroke:var(--page);stroke-width:.35}"
                + ".gate{fill:var(--gate);stroke:var(--page);stroke-width:.35}"
                + ".halo{paint-order:stroke;stroke:var(--page);stroke-width:1.1px;stroke-linejoin:round}"
                + ".bold{font-weight:700}.soft{fill:var(--soft)}.small{font-size:3.2px}"
                + ".title{font-size:8px;font-weight:700}.big{font-size:4.6px;font-weight:700}"
                + ".rule{stroke:var(--soft);stroke-width:.2}.bar{fill:var(--ink)}"
                + ".barhollow{fill:var(--page);stroke:var(--ink);stroke-width:.25}"
                + ".mid{text-anchor:middle}.end{text-anchor:end}";
    }
}
