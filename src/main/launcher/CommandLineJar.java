import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * {@code java CommandLineJar.java APPLICATION JAR}: writes the command line of Pillion with its libraries to one jar, without the server and its
 * libraries. A command then opens one file instead of two hundred, and its AOT cache contains nothing of the server.
 *
 * <p>The libraries are those whose classes Pillion's classes use, directly or through a library, except for {@code dev.pillion.server} and
 * {@code dev.pillion.cluster}. Classes in the format of Java 5, such as picocli's, are converted to a newer one: AOT caches do not contain such
 * old classes, and the JVM needs a tenth of a second to verify them.
 */
final class CommandLineJar {

    private static final String SERVER = "dev/pillion/server/";
    private static final String CLUSTER = "dev/pillion/cluster/";
    private static final String SERVICES = "META-INF/services/";
    private static final String VERSIONS = "META-INF/versions/";

    /** The first class file version with stack maps, which replaced the old verifier. */
    private static final int WITH_STACK_MAPS = 50;

    private final Map<String, Path> jars = new TreeMap<>();
    private final Map<String, byte[]> files = new TreeMap<>();

    private CommandLineJar() {}

    public static void main(String[] arguments) throws IOException {
        Path application = Path.of(arguments[0]);
        CommandLineJar jar = new CommandLineJar();
        jar.add(application);
        jar.write(Path.of(arguments[1]));
    }

    private void add(Path application) throws IOException {
        List<Path> libraries = list(application.resolve("lib/main"));
        for (Path library : libraries) {
            for (String name : content(library).keySet()) {
                jars.putIfAbsent(name, library);
            }
        }
        Set<Path> used = new LinkedHashSet<>();
        Deque<Map<String, byte[]>> pending = new ArrayDeque<>();
        for (Path own : list(application.resolve("app"))) {
            Map<String, byte[]> content = content(own);
            content.keySet().removeIf(name -> name.startsWith(SERVER) || name.startsWith("META-INF/"));
            files.putAll(content);
            Map<String, byte[]> roots = new TreeMap<>(content);
            roots.keySet().removeIf(name -> name.startsWith(CLUSTER) || name.equals("dev/pillion/Main.class"));
            pending.add(roots);
        }
        while (!pending.isEmpty()) {
            for (Map.Entry<String, byte[]> file : pending.remove().entrySet()) {
                if (file.getKey().endsWith(".class")) {
                    for (String name : references(file.getValue())) {
                        Path library = jars.get(name + ".class");
                        if (library != null && used.add(library)) {
                            Map<String, byte[]> content = content(library);
                            pending.add(content);
                            merge(content);
                        }
                    }
                }
            }
        }
        used.stream().map(Path::getFileName).sorted().forEach(System.out::println);
        convert(libraries);
    }

    private void merge(Map<String, byte[]> content) {
        content.forEach((name, bytes) -> {
            if (name.startsWith(SERVICES)) {
                files.merge(name, bytes, CommandLineJar::joined);
            } else if (!name.startsWith("META-INF/")) {
                files.putIfAbsent(name, bytes);
            }
        });
    }

    private static byte[] joined(byte[] first, byte[] second) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(first);
        both.write('\n');
        both.writeBytes(second);
        return both.toByteArray();
    }

    private static List<Path> list(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
    }

    /** The files of a jar, as this version of Java finds them in a multi-release jar. */
    private static Map<String, byte[]> content(Path file) throws IOException {
        Map<String, byte[]> content = new TreeMap<>();
        try (JarFile jar = new JarFile(file.toFile(), false, ZipFile.OPEN_READ, Runtime.version())) {
            List<JarEntry> entries = jar.versionedStream().filter(entry -> !entry.isDirectory()).toList();
            for (JarEntry entry : entries) {
                if (!entry.getName().startsWith(VERSIONS) && !entry.getName().endsWith("module-info.class")) {
                    content.put(entry.getName(), jar.getInputStream(entry).readAllBytes());
                }
            }
        }
        return content;
    }

    private static Set<String> references(byte[] bytes) {
        Set<String> names = new LinkedHashSet<>();
        for (PoolEntry entry : ClassFile.of().parse(bytes).constantPool()) {
            if (entry instanceof ClassEntry type) {
                names.add(type.asInternalName());
            }
        }
        return names;
    }

    private void convert(List<Path> libraries) throws IOException {
        List<URL> urls = new ArrayList<>();
        for (Path library : libraries) {
            urls.add(library.toUri().toURL());
        }
        try (URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new))) {
            ClassFile format = ClassFile.of(
                    StackMapsOption.GENERATE_STACK_MAPS,
                    ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(loader)));
            files.replaceAll((name, bytes) -> name.endsWith(".class") ? converted(format, bytes) : bytes);
        }
    }

    private static byte[] converted(ClassFile format, byte[] bytes) {
        ClassModel old = format.parse(bytes);
        if (old.majorVersion() >= WITH_STACK_MAPS) {
            return bytes;
        }
        return format.transformClass(old, (type, element) -> {
            switch (element) {
                case ClassFileVersion _ -> type.withVersion(ClassFile.JAVA_8_VERSION, 0);
                case MethodModel method -> type.transformMethod(method, (builder, part) -> {
                    if (part instanceof CodeModel code) {
                        // Copies each instruction. Code that is copied as a whole gets no stack maps.
                        builder.transformCode(code, (copy, instruction) -> copy.with(instruction));
                    } else {
                        builder.with(part);
                    }
                });
                default -> type.with(element);
            }
        });
    }

    private void write(Path file) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "dev.pillion.Main");
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            for (Map.Entry<String, byte[]> entry : files.entrySet()) {
                if (!entry.getKey().equals(JarFile.MANIFEST_NAME)) {
                    jar.putNextEntry(new ZipEntry(entry.getKey()));
                    jar.write(entry.getValue());
                    jar.closeEntry();
                }
            }
        }
    }
}
