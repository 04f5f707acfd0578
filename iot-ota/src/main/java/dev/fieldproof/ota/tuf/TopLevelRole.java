package dev.fieldproof.ota.tuf;

import java.util.Locale;

/** The four roles that the root metadata names (TUF 1.0, "Roles and PKI"). */
public enum TopLevelRole {
    /** Names the keys of all top-level roles. */
    ROOT,
    /** Says, often, which snapshot is the newest. */
    TIMESTAMP,
    /** Lists the versions of all targets metadata, so that they cannot be mixed. */
    SNAPSHOT,
    /** Says which target files are good, or who else may say so. */
    TARGETS;

    /**
     * The role's name in metadata.
     *
     * @return lower case
     */
    public String roleName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The role's file without a version.
     *
     * @return the role's name with {@code .json}
     */
    public String fileName() {
        return roleName() + ".json";
    }

    /**
     * Whether a name is that of a top-level role.
     *
     * @param name any role name
     * @return true if it is
     */
    public static boolean isTopLevel(String name) {
        for (TopLevelRole role : values()) {
            if (role.roleName().equals(name)) {
                return true;
            }
        }
        return false;
    }
}
