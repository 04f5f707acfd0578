package dev.fieldproof.ota.tuf;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The pre-order depth-first search for the role that vouches for a target (TUF 1.0, section 5.6, step 7). */
final class DelegationSearch {
    private final String targetPath;
    private final int maxDelegations;

    DelegationSearch(String targetPath, int maxDelegations) {
        this.targetPath = targetPath;
        this.maxDelegations = maxDelegations;
    }

    /** Brings the metadata of a delegated role, verified under that very delegation. */
    interface Loader {
        Targets load(Delegation delegation) throws IOException, RefusedException;
    }

    TufResult.Found run(Targets top, Loader loader) throws IOException, RefusedException {
        TargetFile here = top.targets().get(targetPath);
        if (here != null) {
            return new TufResult.Found(here, TopLevelRole.TARGETS.roleName());
        }
        Deque<Delegation> waiting = new ArrayDeque<>();
        Set<String> visited = new HashSet<>();
        push(top, waiting);
        while (!waiting.isEmpty()) {
            Delegation delegation = waiting.pop();
            if (visited.contains(delegation.name())) {
                continue;
            }
            if (visited.size() >= maxDelegations) {
                throw new RefusedException(
                        Refusal.TOO_MANY_DELEGATIONS, targetPath, "not found in " + maxDelegations + " roles");
            }
            Targets role = loader.load(delegation);
            visited.add(delegation.name());
            TargetFile found = role.targets().get(targetPath);
            if (found != null) {
                return new TufResult.Found(found, delegation.name());
            }
            push(role, waiting);
        }
        throw new RefusedException(Refusal.UNKNOWN_TARGET, targetPath, "no trusted role lists it");
    }

    /** Puts the role's delegations for this path in front, in order; a terminating one forgets everything behind it. */
    private void push(Targets role, Deque<Delegation> waiting) {
        List<Delegation> covering = role.delegationsFor(targetPath);
        int count = covering.size();
        for (int i = 0; i < covering.size(); i++) {
            if (covering.get(i).terminating()) {
                waiting.clear();
                count = i + 1;
                break;
            }
        }
        for (int i = count - 1; i >= 0; i--) {
            waiting.push(covering.get(i));
        }
    }
}
