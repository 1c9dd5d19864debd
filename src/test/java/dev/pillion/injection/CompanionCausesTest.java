package dev.pillion.injection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.pillion.ReservedPort;
import dev.pillion.injection.CompanionProcess.Start;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A companion that waits or fails logs the reason: at once, when the reason changes, and every 30 seconds. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class CompanionCausesTest {

    @TempDir
    private Path directory;

    private Path programs;
    private final ReservedPort unused = new ReservedPort();
    private HttpServer server;
    private final AtomicInteger status = new AtomicInteger(200);

    @BeforeEach
    void open() throws Exception {
        programs = CompanionProcess.programs();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = "content\n".getBytes();
            exchange.sendResponseHeaders(status.get(), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
        unused.close();
    }

    // wait-for

    @Test
    void waitForReportsThatANameDoesNotResolve() throws Exception {
        CompanionProcess.needBusybox(programs);
        try (CompanionProcess waiting = waitFor("dns://no-such-name.invalid")) {
            waiting.awaitLine("waiting for dns://no-such-name.invalid: the name no-such-name.invalid does not resolve");
        }
    }

    @Test
    void waitForReportsARefusedConnectionAndEndsWhenItSucceeds() throws Exception {
        CompanionProcess.needBusybox(programs);
        int port = unused.number();
        try (CompanionProcess waiting = waitFor("127.0.0.1:" + port)) {
            waiting.awaitLine("waiting for tcp://127.0.0.1:" + port
                    + ": can't connect to remote host (127.0.0.1): Connection refused");
            try (ServerSocket listening = new ServerSocket(port, 10, InetAddress.getLoopbackAddress())) {
                waiting.awaitLine("tcp://127.0.0.1:" + port + " is available");
                assertThat(waiting.awaitExit()).isZero();
            }
        }
    }

    @Test
    void waitForReportsThatTheHostOfAPortDoesNotResolve() throws Exception {
        CompanionProcess.needBusybox(programs);
        try (CompanionProcess waiting = waitFor("no-such-name.invalid:80")) {
            waiting.awaitLine(
                    "waiting for tcp://no-such-name.invalid:80: the name no-such-name.invalid does not resolve");
        }
    }

    @Test
    void waitForReportsTheHttpStatusAndItsChange() throws Exception {
        status.set(503);
        String url = url("/healthz");
        try (CompanionProcess waiting = waitFor(url)) {
            waiting.awaitLine("waiting for " + url + ": HTTP status 503, expected 2xx or 3xx");
            status.set(404);
            waiting.awaitLine("waiting for " + url + ": HTTP status 404, expected 2xx or 3xx");
            status.set(204);
            waiting.awaitLine(url + " is available");
            assertThat(waiting.awaitExit()).isZero();
            assertThat(waiting.outputLines()).doesNotHaveDuplicates();
        }
    }

    @Test
    void waitForReportsTheErrorOfAnHttpConnection() throws Exception {
        String url = "http://127.0.0.1:" + unused.number() + "/";
        try (CompanionProcess waiting = waitFor(url)) {
            assertThat(waiting.awaitLine("waiting for " + url + ": ")).endsWith("Connection refused");
        }
        try (CompanionProcess waiting = waitFor("http://no-such-name.invalid:81/")) {
            waiting.awaitLine(
                    "waiting for http://no-such-name.invalid:81/: Could not resolve host: no-such-name.invalid");
        }
    }

    @Test
    void waitForReportsATlsError() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answerInPlainText(plain));
            String url = "https://127.0.0.1:" + plain.getLocalPort() + "/";
            try (CompanionProcess waiting = waitFor(url)) {
                waiting.awaitLine("waiting for " + url + ": TLS error: ");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "grpc"})
    void waitForReportsATimeout(String scheme) throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            String url = scheme + "://127.0.0.1:" + silent.getLocalPort();
            Start start = waitForStart(url).with("--max-time 5", "--max-time 1");
            try (CompanionProcess waiting = start.start()) {
                waiting.awaitLine(": Operation timed out with 0 bytes received");
            }
        }
    }

    @Test
    void waitForReportsThatThereIsNoGrpcServer() throws Exception {
        int port = unused.number();
        try (CompanionProcess waiting = waitFor("grpc://127.0.0.1:" + port)) {
            assertThat(waiting.awaitLine("waiting for grpc://127.0.0.1:" + port + ": "))
                    .endsWith("Connection refused");
        }
        try (CompanionProcess waiting =
                waitFor("grpc://127.0.0.1:" + server.getAddress().getPort())) {
            waiting.awaitLine(": Empty reply from server");
        }
    }

    @Test
    void waitForReportsThatThereIsNoTokenForTheApiServer() throws Exception {
        try (CompanionProcess waiting = waitFor("job/import")) {
            waiting.awaitLine("waiting for job/import: no ServiceAccount token is mounted");
        }
    }

    @Test
    void waitForGivesUpWithTheLastErrorAndEndsAtOnceOnSigterm() throws Exception {
        status.set(500);
        try (CompanionProcess waiting = waitFor(url("/"), "wait-for.pillion.dev/timeout: 1s")) {
            waiting.awaitLine("timeout after 1 s: " + url("/") + ": HTTP status 500, expected 2xx or 3xx");
            assertThat(waiting.awaitExit()).isOne();
        }
        try (CompanionProcess waiting = waitFor(url("/"), "wait-for.pillion.dev/interval: 10m")) {
            waiting.awaitLine("HTTP status 500");
            assertThat(waiting.terminate()).isEqualTo(143);
        }
    }

    // logging

    @Test
    void loggingReportsThatNoFileMatchesAndThatAllCanBeRead() throws Exception {
        Path logs = Files.createDirectory(directory.resolve("logs"));
        try (CompanionProcess tailer = logging(logs.toString()).start()) {
            tailer.awaitLine("logging: no file in " + logs + " matches *.log");
            Files.writeString(logs.resolve("app.log"), "a line\n");
            tailer.awaitLine("a line");
            assertThat(tailer.terminate()).isZero();
            assertThat(tailer.outputLines()).contains("logging: all files can be read now");
        }
    }

    @Test
    void loggingReportsAMissingOrUnreadableDirectory() throws Exception {
        Path logs = directory.resolve("logs");
        try (CompanionProcess tailer = logging(logs.toString()).start()) {
            tailer.awaitLine("logging: cannot read the directory " + logs + ": No such file or directory");
            Files.createDirectory(logs);
            tailer.awaitLine("logging: no file in " + logs + " matches *.log");
            Files.writeString(logs.resolve("app.log"), "a line\n");
            tailer.awaitLine("a line");

            mode(logs, "---------");
            tailer.awaitLine("logging: cannot read the directory " + logs + ": Permission denied");
            mode(logs, "rwx------");
            tailer.awaitLine("logging: all files can be read now");
        }
    }

    @Test
    void loggingReportsAnUnreadableFileAndReadsItLater() throws Exception {
        Path file = Files.writeString(directory.resolve("app.log"), "a line\n");
        mode(file, "---------");
        try (CompanionProcess tailer = logging(directory.toString()).start()) {
            tailer.awaitLine("logging: cannot read " + file + ": Permission denied");
            mode(file, "rw-------");
            tailer.awaitLine("a line");

            // The log is rotated, and the new file is not readable.
            Files.move(file, directory.resolve("app.log.1"));
            tailer.awaitLine("logging: no file in " + directory + " matches *.log");
            mode(Files.createFile(file), "---------");
            tailer.awaitLine("logging: cannot read " + file + ": Permission denied");
            mode(file, "rw-------");
            Files.writeString(file, "after the rotation\n");
            tailer.awaitLine("after the rotation");
        }
    }

    @Test
    void loggingReadsSeveralDirectoriesAndOnesThatAreCreatedAgain() throws Exception {
        Path one = Files.createDirectory(directory.resolve("one"));
        Path two = Files.createDirectory(directory.resolve("two"));
        Files.writeString(one.resolve("a.log"), "from one\n");
        try (CompanionProcess tailer = logging(one + "," + two).start()) {
            tailer.awaitLines("from one", "logging: no file in " + two + " matches *.log");
            Files.writeString(two.resolve("b.log"), "from two\n");
            tailer.awaitLine("from two");

            Files.delete(two.resolve("b.log"));
            Files.delete(two);
            tailer.awaitLine("logging: cannot read the directory " + two + ": No such file or directory");
            Files.createDirectory(two);
            Files.writeString(two.resolve("b.log"), "from two again\n");
            tailer.awaitLine("from two again");
        }
    }

    @Test
    void loggingEndsTheTailsOfDeletedFiles() throws Exception {
        Files.writeString(directory.resolve("day-1.log"), "day one\n");
        Files.writeString(directory.resolve("today.log"), "today\n");
        try (CompanionProcess tailer =
                logging(directory.toString()).with("looks % 60", "looks % 1").start()) {
            tailer.awaitLine("today");
            await().until(() -> tails(tailer).size() == 2);
            Files.delete(directory.resolve("day-1.log"));
            await().atMost(Duration.ofSeconds(30)).until(() -> tails(tailer).size() == 1);
            assertThat(tails(tailer)).allMatch(line -> line.contains("today.log"));
        }
    }

    // backup

    @Test
    void backupReportsAMissingDirectory() throws Exception {
        CompanionProcess.need(programs, "restic");
        try (CompanionProcess backup = backup("x").start()) {
            backup.awaitLine("the backup failed: " + directory.resolve("uploads") + " does not exist; retry in");
            assertThat(backup.terminate()).isZero();
        }
    }

    @Test
    void backupFailsForUnreadableFilesAndKeepsOldSnapshots() throws Exception {
        CompanionProcess.need(programs, "restic");
        Path secret = Files.writeString(
                Files.createDirectory(directory.resolve("uploads")).resolve("secret"), "x");
        try (CompanionProcess backup = backup("x").start()) {
            backup.awaitLine("created restic repository");
            backup.awaitLine("snapshot");
            backup.awaitLine("Applying Policy");
            backup.awaitLine("keep 1 snapshots");

            mode(secret, "---------");
            backup.awaitLine("the backup is incomplete, and old snapshots are kept: error: open " + secret
                    + ": permission denied; retry in");
            int incomplete = backup.outputLines().size();
            mode(secret, "rw-------");
            backup.awaitLine("Applying Policy");
            assertThat(backup.outputLines()
                            .subList(incomplete, backup.outputLines().size()))
                    .noneMatch(line -> line.contains("the backup failed"));
        }
    }

    @Test
    void backupReportsAWrongPassword() throws Exception {
        CompanionProcess.need(programs, "restic");
        Files.createDirectory(directory.resolve("uploads"));
        try (CompanionProcess backup = backup("x").start()) {
            backup.awaitLine("Applying Policy");
        }
        try (CompanionProcess backup = backup("another").start()) {
            backup.awaitLine("the backup failed: Fatal: wrong password or no key found; retry in");
            assertThat(backup.outputLines()).noneMatch(line -> line.contains("snapshot"));
        }
    }

    @Test
    void backupReportsAnUnreachableRepository() throws Exception {
        CompanionProcess.need(programs, "restic");
        Files.createDirectory(directory.resolve("uploads"));
        Start start = backup("x");
        Start away = start.withEnvironment(Map.of(
                "RESTIC_PASSWORD",
                "x",
                "RESTIC_CACHE_DIR",
                directory.toString(),
                "RESTIC_REPOSITORY",
                "rest:http://127.0.0.1:" + unused.number() + "/"));
        try (CompanionProcess backup = away.start()) {
            assertThat(backup.awaitLine("the backup failed: ")).contains("connection refused; retry in");
        }
    }

    // file-sync

    @Test
    void fileSyncReportsAnErrorOfRcloneAndContinues() throws Exception {
        CompanionProcess.need(programs, "rclone");
        Path local = Files.createDirectory(directory.resolve("local"));
        Path remote = directory.resolve("remote");
        try (CompanionProcess sync =
                fileSync("pull", local, remote).withShortPauses().start()) {
            assertThat(sync.awaitLine("rclone failed with exit code ")).contains("directory not found; retry in");
            sync.awaitLine("directory not found; retry in");
            Files.createDirectory(remote);
            Files.writeString(remote.resolve("a"), "content");
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(local.resolve("a")));
            assertThat(sync.terminate()).isZero();
        }
    }

    @Test
    void fileSyncPushesTheLastFilesWhenItEndsOrReportsTheError() throws Exception {
        CompanionProcess.need(programs, "rclone");
        Path local = Files.createDirectory(directory.resolve("local"));
        Path remote = Files.createDirectory(directory.resolve("remote"));
        try (CompanionProcess sync = fileSync("push", local, remote).start()) {
            sync.awaitLine(local + " is empty, so no file is pushed or deleted");
            Files.writeString(local.resolve("last"), "content");
            assertThat(sync.terminate()).isZero();
            assertThat(remote.resolve("last")).hasContent("content");

            mode(remote, "r-x------");
        }
        Files.writeString(local.resolve("later"), "content");
        try (CompanionProcess sync = fileSync("push", local, remote).start()) {
            assertThat(sync.awaitLine("rclone failed with exit code ")).contains("permission denied");
            assertThat(sync.terminate()).isZero();
            assertThat(sync.awaitLine("the last files were not pushed: ")).contains("permission denied");
        } finally {
            mode(remote, "rwx------");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file-sync-first", "file-sync"})
    void fileSyncReportsThatAServerDoesNotAnswer(String container) throws Exception {
        CompanionProcess.need(programs, "rclone");
        Path local = Files.createDirectory(directory.resolve("local"));
        Start start = fileSync(container, "pull", local, "unused").withShortPauses();
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Files.writeString(
                    directory.resolve("rclone.conf"),
                    "[store]\ntype = webdav\nvendor = other\nurl = http://127.0.0.1:" + silent.getLocalPort() + "\n");
            try (CompanionProcess sync = start.start()) {
                sync.awaitLine("still copying store: to " + local);
                sync.awaitLine("still copying store: to " + local);
                assertThat(sync.terminate()).isEqualTo(container.equals("file-sync") ? 0 : 143);
            }
        }
    }

    // git-sync

    @Test
    void gitSyncReportsTheLastErrorOfGitWhenItChangesAndEvery30Seconds() throws Exception {
        Path error = directory.resolve("error");
        try (CompanionProcess sync = gitSync("git-sync", "echo started; exec sleep 60")
                .withShortPauses()
                .start()) {
            sync.awaitLine("started");
            fail(error, "Cloning into 'site'...\\\\nfatal: repository \\\\\\\"x\\\\\\\" not found\\\\n");
            String missing =
                    "cannot fetch https://git/site.git (main): Cloning into 'site'...; fatal: repository \"x\" not found";
            sync.awaitLine(missing);
            sync.awaitLine(missing);
            fail(
                    error,
                    "ssh: Could not resolve hostname git\\\\r\\\\nfatal: Could not read.\\\\n\\\\nPlease check.\\\\n");
            sync.awaitLine(
                    "cannot fetch https://git/site.git (main): ssh: Could not resolve hostname git; fatal: Could not read.; Please check.");
            Files.delete(error);
            sync.awaitLine("https://git/site.git (main) can be fetched again");
            assertThat(sync.terminate()).isEqualTo(143);
            assertThat(sync.outputLines().stream().distinct()).hasSize(4);
        }
    }

    @Test
    void gitSyncReportsASlowFirstDownload() throws Exception {
        try (CompanionProcess sync =
                gitSync("git-sync-first", "exec sleep 60").withShortPauses().start()) {
            for (int time = 0; time < 2; time++) {
                sync.awaitLine("still fetching https://git/site.git (main)");
            }
            assertThat(sync.terminate()).isEqualTo(143);
        }
    }

    @Test
    void gitSyncEndsItsLogWithTheCauseWhenTheFirstDownloadFails() throws Exception {
        fail(directory.resolve("failure"), "fatal: couldn't find remote ref main");
        try (CompanionProcess sync = gitSync("git-sync-first", "mv $HOME/failure $HOME/error; exit 1")
                .start()) {
            sync.awaitLine(
                    "cannot fetch https://git/site.git (main): fatal: couldn't find remote ref main; exit code 1");
            assertThat(sync.awaitExit()).isOne();
        }
        // An error without a message of git, and no error at all.
        Files.writeString(
                directory.resolve("failure"), "{\"Msg\":\"x\",\"Err\":\"no space left on device\",\"Args\":{}}");
        try (CompanionProcess sync = gitSync("git-sync-first", "mv $HOME/failure $HOME/error; exit 1")
                .start()) {
            sync.awaitLine("cannot fetch https://git/site.git (main): no space left on device; exit code 1");
        }
        try (CompanionProcess sync = gitSync("git-sync-first", "kill -9 $$").start()) {
            sync.awaitLine(
                    "cannot fetch https://git/site.git (main): git-sync ended without an error message; exit code 137");
            assertThat(sync.awaitExit()).isEqualTo(137);
        }
        try (CompanionProcess sync = gitSync("git-sync-first", "exit 0").start()) {
            assertThat(sync.awaitExit()).isZero();
        }
    }

    // prefetch

    @Test
    void prefetchReportsTheHttpStatusAndTheRemainingRetries() throws Exception {
        status.set(404);
        try (CompanionProcess prefetch = prefetch("/file", "content\n", 1).start()) {
            prefetch.awaitLine("downloading " + url("/file"));
            prefetch.awaitLine("The requested URL returned error: 404");
            prefetch.awaitLine("retry in 1 s; retries left: 1");
            prefetch.awaitLine("cannot download " + url("/file") + "; no retries left");
            assertThat(prefetch.awaitExit()).isOne();
        }
        assertThat(directory.resolve("file")).doesNotExist();
    }

    @Test
    void prefetchKeepsOnlyAFileWithTheExpectedChecksum() throws Exception {
        try (CompanionProcess prefetch = prefetch("/file", "something else", 0).start()) {
            prefetch.awaitLine(
                    "has the SHA-256 checksum " + sha256("content\n") + ", expected " + sha256("something else"));
            assertThat(prefetch.awaitExit()).isOne();
        }
        assertThat(Files.list(directory).map(file -> file.getFileName().toString()))
                .noneMatch(name -> name.startsWith("file"));

        try (CompanionProcess prefetch = prefetch("/file", "content\n", 0).start()) {
            prefetch.awaitLine(directory + "/file is complete");
            assertThat(prefetch.awaitExit()).isZero();
        }
        assertThat(directory.resolve("file")).hasContent("content");
        assertThat(directory.resolve("file.part")).doesNotExist();
    }

    @Test
    void prefetchReportsAFullDisk() throws Exception {
        Files.createSymbolicLink(directory.resolve("file.part"), Path.of("/dev/full"));
        try (CompanionProcess prefetch = prefetch("/file", "content\n", 0).start()) {
            prefetch.awaitLine("No space left on device");
            assertThat(prefetch.awaitExit()).isOne();
        }
        assertThat(directory.resolve("file")).doesNotExist();
    }

    @Test
    void prefetchReportsThatAHostDoesNotResolve() throws Exception {
        Start start = prefetch("/file", "content\n", 0).with(url("/file"), "http://no-such-name.invalid/file");
        try (CompanionProcess prefetch = start.start()) {
            prefetch.awaitLine("Could not resolve host: no-such-name.invalid");
            prefetch.awaitLine("cannot download http://no-such-name.invalid/file; no retries left");
        }
    }

    @Test
    void prefetchReportsALongDownloadAndRemovesItOnSigterm() throws Exception {
        server.createContext("/slow", exchange -> {
            exchange.sendResponseHeaders(200, 1_000_000);
            exchange.getResponseBody().write(new byte[500_000]);
            exchange.getResponseBody().flush();
        });
        try (CompanionProcess prefetch =
                prefetch("/slow", "content\n", 0).withShortPauses().start()) {
            prefetch.awaitLine("still downloading " + url("/slow") + ": 4");
            assertThat(prefetch.terminate()).isEqualTo(143);
        }
        assertThat(directory.resolve("slow.part")).doesNotExist();
    }

    // permissions

    @Test
    void permissionsReportsAFileThatCannotBeChanged() throws Exception {
        // Nobody can change these files without capabilities.
        Start start =
                Start.of(permitted("/data", "0777"), "permissions", programs).with("/data", "/proc/sys/kernel");
        try (CompanionProcess permissions = start.start()) {
            permissions.awaitLine("setting the mode of /proc/sys/kernel to 0777");
            assertThat(permissions.awaitLine("/proc/sys/kernel"))
                    .containsAnyOf("Operation not permitted", "Read-only file system");
            assertThat(permissions.awaitLine("could not set the mode of /proc/sys/kernel to 0777: "))
                    .endsWith(" errors");
            assertThat(permissions.awaitExit()).isOne();
        }
    }

    @Test
    void permissionsReportsAMissingDirectoryAndItsChanges() throws Exception {
        Path data = directory.resolve("data");
        try (CompanionProcess permissions = Start.of(permitted(data.toString(), "0750"), "permissions", programs)
                .start()) {
            permissions.awaitLine("No such file or directory");
            permissions.awaitLine("could not set the mode of " + data + " to 0750: 1 errors");
            assertThat(permissions.awaitExit()).isOne();
        }
        Files.createDirectory(data);
        try (CompanionProcess permissions = Start.of(permitted(data.toString(), "0750"), "permissions", programs)
                .start()) {
            permissions.awaitLine("drwxr-x---");
            assertThat(permissions.awaitExit()).isZero();
        }
    }

    /** One companion of each kind, because they use the same code. The pause is one second instead of 30. */
    @Test
    void theReasonIsRepeated() throws Exception {
        CompanionProcess.need(programs, "restic");
        status.set(503);
        try (CompanionProcess waiting = waitForStart(url("/")).withShortPauses().start();
                CompanionProcess slow = Start.of(
                                Trial.annotated(
                                                "pillion.dev/wait-for: " + url("/"),
                                                "wait-for.pillion.dev/interval: 10m")
                                        .injected()
                                        .pod(),
                                "wait-for-127-0-0-1-" + server.getAddress().getPort(),
                                programs)
                        .withShortPauses()
                        .start();
                CompanionProcess tailer = logging(directory.resolve("missing").toString())
                        .withShortPauses()
                        .start();
                CompanionProcess backup = backup("x").withShortPauses().start()) {
            for (int time = 0; time < 3; time++) {
                waiting.awaitLine("HTTP status 503");
                slow.awaitLine("HTTP status 503");
                tailer.awaitLine("No such file or directory");
                backup.awaitLine("uploads does not exist");
            }
        }
    }

    private CompanionProcess waitFor(String target, String... annotations) throws IOException {
        return waitForStart(target, annotations).start();
    }

    private Start waitForStart(String target, String... annotations) {
        String[] all = new String[annotations.length + 1];
        all[0] = "pillion.dev/wait-for: " + target;
        System.arraycopy(annotations, 0, all, 1, annotations.length);
        JsonNode pod = Trial.annotated(all).injected().pod();
        return Start.of(pod, pod.at("/spec/initContainers/0/name").asText(), programs);
    }

    private Start logging(String path) {
        return Start.of(
                Trial.annotated("pillion.dev/inject: logging", "logging.pillion.dev/path: " + path)
                        .injected()
                        .pod(),
                "log-tailer",
                programs);
    }

    /** A backup of a directory that possibly does not exist, every second, to a repository in the same parent directory. */
    private Start backup(String password) {
        JsonNode pod = Trial.of("""
                metadata:
                  name: web
                  annotations:
                    pillion.dev/inject: backup
                    backup.pillion.dev/repository: rest:http://localhost/
                    backup.pillion.dev/secret: backup
                    backup.pillion.dev/path: %1$s/uploads
                    backup.pillion.dev/interval: 1m
                    backup.pillion.dev/keepDaily: "0"
                    backup.pillion.dev/keepWeekly: "0"
                    backup.pillion.dev/keepMonthly: "0"
                spec:
                  containers: [{name: web, image: nginx, volumeMounts: [{name: data, mountPath: "%1$s"}]}]
                  volumes: [{name: data, emptyDir: {}}]
                """.formatted(directory)).injected().pod();
        return new Start(
                Start.of(pod, "backup", programs).container(),
                programs,
                Map.of(
                        "RESTIC_PASSWORD", password,
                        "RESTIC_REPOSITORY", directory.resolve("repository").toString(),
                        "RESTIC_CACHE_DIR", directory.resolve("cache").toString(),
                        "TMPDIR", directory.toString()),
                word -> word.equals("60") ? "1" : word);
    }

    private Start fileSync(String direction, Path local, Path remote) throws IOException {
        return fileSync("file-sync", direction, local, remote.toString());
    }

    private Start fileSync(String container, String direction, Path local, String remote) throws IOException {
        Path configuration =
                Files.writeString(directory.resolve("rclone.conf"), "[store]\ntype = alias\nremote = " + remote + "\n");
        JsonNode pod = Trial.annotated(
                        "pillion.dev/inject: file-sync",
                        "file-sync.pillion.dev/remote: 'store:'",
                        "file-sync.pillion.dev/secret: rclone",
                        "file-sync.pillion.dev/direction: " + direction,
                        "file-sync.pillion.dev/delete: \"" + direction.equals("push") + "\"",
                        "file-sync.pillion.dev/interval: 1s",
                        "file-sync.pillion.dev/path: " + local)
                .injected()
                .pod();
        return Start.of(pod, container, programs).with("/etc/file-sync/rclone.conf", configuration.toString());
    }

    /** git-sync's wrapper with another program in the place of git-sync. */
    private Start gitSync(String container, String program) throws IOException {
        Path other = Files.writeString(directory.resolve("git-sync"), "#!/bin/sh\n" + program + "\n");
        mode(other, "rwx------");
        JsonNode pod = Trial.annotated(
                        "pillion.dev/inject: git-sync",
                        "git-sync.pillion.dev/repo: https://git/site.git",
                        "git-sync.pillion.dev/ref: main")
                .injected()
                .pod();
        return Start.of(pod, container, programs)
                .with("/git-sync ", other + " ")
                .with("sleep 5", "sleep 1")
                .withEnvironment(Map.of("HOME", directory.toString()));
    }

    /** An error file as git-sync writes it, with a text that is quoted as in Go and in JSON. */
    private static void fail(Path file, String quoted) throws IOException {
        Path unfinished = Files.writeString(
                file.resolveSibling("unfinished"),
                "{\"Msg\":\"error syncing repo, will retry\",\"Err\":\"Run(git fetch https://git/site.git main): exit status 128: "
                        + "{ stdout: \\\"\\\", stderr: \\\"" + quoted + "\\\" }\",\"Args\":{\"failCount\":1}}");
        Files.move(unfinished, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    private Start prefetch(String path, String content, int retries) throws Exception {
        JsonNode pod = Trial.annotated(
                        "pillion.dev/inject: prefetch",
                        "prefetch.pillion.dev/url: " + url(path),
                        "prefetch.pillion.dev/sha256: " + sha256(content),
                        "prefetch.pillion.dev/retries: \"" + retries + "\"",
                        "prefetch.pillion.dev/path: " + directory)
                .injected()
                .pod();
        return Start.of(pod, "prefetch", programs);
    }

    /** The restricted profile, without its restriction. */
    private JsonNode permitted(String path, String mode) throws IOException {
        Path profiles = Files.createDirectories(directory.resolve("profiles"));
        Files.writeString(
                profiles.resolve("permissions.yaml"),
                Files.readString(Path.of("src/main/resources/profiles/permissions.yaml"))
                        .replace("access: Restricted", ""));
        return Trial.annotated(
                        "pillion.dev/inject: permissions",
                        "permissions.pillion.dev/path: " + path,
                        "permissions.pillion.dev/mode: \"" + mode + "\"",
                        "permissions.pillion.dev/recursive: \"false\"")
                .withProfiles(Files.readString(profiles.resolve("permissions.yaml")))
                .injected()
                .pod();
    }

    private static List<String> tails(CompanionProcess tailer) {
        return tailer.children().stream().filter(line -> line.contains("-F")).toList();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private static void answerInPlainText(ServerSocket server) {
        while (true) {
            try (Socket connection = server.accept()) {
                connection.getInputStream().read();
                connection.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void mode(Path file, String mode) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes()));
    }
}
