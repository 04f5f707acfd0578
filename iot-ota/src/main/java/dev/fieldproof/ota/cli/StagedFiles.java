package dev.fieldproof.ota.cli;

import dev.fieldproof.core.store.Directory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Files below a directory that change together: they are written aside, one rename decides, and then each takes its
 * place. Whoever opens the directory next finishes what was decided and forgets what was not. Readers meanwhile see
 * each file old or new, in the order of {@link #inOrder}.
 */
final class StagedFiles {
    private static final String STAGED = "staged";
    private static final String DECIDED = "decided";

    private final Path directory;
    private final Step step;

    /** Comes before every change of the medium; a test ends the work there. */
    @FunctionalInterface
    interface Step {
        void next() throws IOException;
    }

    StagedFiles(Path directory, Step step) throws IOException {
        this.directory = directory;
        this.step = step;
        settle(directory, step);
    }

    /** Finishes what was decided and forgets what was not. */
    static void settle(Path directory, Step step) throws IOException {
        finish(directory, step);
        delete(directory.resolve(STAGED), step);
    }

    void write(String path, byte[] bytes) throws IOException {
        Path place = directory.resolve(STAGED).resolve(path);
        makeParent(place);
        step.next();
        try (FileChannel out = FileChannel.open(
                place, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                out.write(left);
            }
            out.force(true);
        }
    }

    void commit() throws IOException {
        Path staged = directory.resolve(STAGED);
        // What the rename decides on has to be there afterwards, with its names.
        List<Path> folders;
        try (var walk = Files.walk(staged)) {
            folders = walk.filter(Files::isDirectory).toList();
        }
        for (Path folder : folders) {
            Directory.of(folder).sync();
        }
        step.next();
        Files.move(staged, directory.resolve(DECIDED), StandardCopyOption.ATOMIC_MOVE);
        Directory.of(directory).sync();
        finish(directory, step);
    }

    private static void finish(Path directory, Step step) throws IOException {
        Path decided = directory.resolve(DECIDED);
        if (!Files.isDirectory(decided)) {
            return;
        }
        for (Path file : inOrder(decided)) {
            Path place = directory.resolve(file);
            makeParent(place);
            step.next();
            Files.move(
                    decided.resolve(file), place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Path parent = place.getParent();
            if (parent != null) {
                Directory.of(parent).sync();
            }
        }
        delete(decided, step);
    }

    private static void delete(Path root, Step step) throws IOException {
        if (Files.isDirectory(root)) {
            List<Path> all = new ArrayList<>();
            try (var walk = Files.walk(root)) {
                walk.forEach(all::add);
            }
            Collections.reverse(all);
            for (Path path : all) {
                step.next();
                Files.delete(path);
            }
        }
    }

    private static void makeParent(Path place) throws IOException {
        Path parent = place.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
    }

    /** All files below a directory, relative to it: targets first, then what names them, the timestamp last. */
    static List<Path> inOrder(Path root) throws IOException {
        List<Path> files = new ArrayList<>();
        try (var walk = Files.walk(root)) {
            walk.filter(Files::isRegularFile).map(root::relativize).forEach(files::add);
        }
        files.sort((a, b) -> {
            int order = Integer.compare(rank(a), rank(b));
            return order != 0 ? order : a.compareTo(b);
        });
        return files;
    }

    private static int rank(Path file) {
        String name = String.valueOf(file.getFileName());
        for (Path part : file) {
            if (part.toString().equals("targets")) {
                return 0;
            }
        }
        return name.equals("timestamp.json") ? 3 : name.endsWith("root.json") ? 1 : 2;
    }
}
