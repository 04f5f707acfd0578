package dev.fieldproof.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.util.function.Consumer;

/** Reads a file onward from an offset. */
final class FileReadChannel implements TransferChannel {
    private final Directory.File file;
    private final Consumer<FileReadChannel> onClose;
    private long offsetBytes;
    private volatile boolean closed;

    FileReadChannel(Directory.File file, long offsetBytes, Consumer<FileReadChannel> onClose) {
        this.file = file;
        this.offsetBytes = offsetBytes;
        this.onClose = onClose;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        int count = file.read(offsetBytes, into);
        offsetBytes += Math.max(0, count);
        return count;
    }

    @Override
    public long transferTo(long maxBytes, WritableByteChannel to) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        long count = file.transferTo(offsetBytes, maxBytes, to);
        offsetBytes += Math.max(0, count);
        return count;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        onClose.accept(this);
        file.close();
    }
}
