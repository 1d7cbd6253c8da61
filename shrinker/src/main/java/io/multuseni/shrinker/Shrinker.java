// SPDX-License-Identifier: Apache-2.0
package io.multuseni.shrinker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Makes one jar out of a class path, with only what the rules, and what they lead to, need. */
public final class Shrinker {
  private static final double MEGABYTE = 1e6;
  private static final int PACKAGE_DEPTH = 5;
  private static final int PACKAGES_TOLD = 12;

  private Shrinker() {}

  /**
   * Makes it, unless it is there and nothing has changed.
   *
   * <p>In the request's work folder afterwards: {@code jdk.jar}, the JDK's classes that it was
   * judged by; {@code whole.jar}, the class path in one; ProGuard's configuration and log; {@code
   * left-out.txt}, what isn't in it.
   *
   * @throws ShrinkException it can't be made, or is larger than it may be
   */
  public static Result shrink(Request request) {
    try {
      Files.createDirectories(request.work());
      Made made = new Made(request);
      return made.upToDate().isPresent() ? made.upToDate().get() : shrinkAnew(request, made);
    } catch (IOException e) {
      throw new ShrinkException(request.output().getFileName() + " can't be made: " + e, e);
    }
  }

  private static Result shrinkAnew(Request request, Made made) throws IOException {
    MergedClassPath classPath = MergedClassPath.read(request.classPath());
    Map<String, byte[]> entries = classPath.entries();
    refuseNewerThanImage(entries);

    Path jdk = request.work().resolve("jdk.jar");
    if (!JdkImage.isIn(jdk)) {
      JdkImage.writeTo(jdk);
    }
    Path whole = request.work().resolve("whole.jar");
    JarOutput.write(whole, entries, Map.of(), JarOutput.Effort.QUICK);
    Map<String, byte[]> providers = new TreeMap<>(entries);
    providers.keySet().removeIf(name -> !ProviderFile.is(name));
    Path raw = request.work().resolve("raw.jar");
    ProGuard.run(whole, providers, jdk, raw, request);

    Map<String, byte[]> kept = kept(raw);
    Files.delete(raw);
    JarOutput.write(request.output(), kept, Map.of(), JarOutput.Effort.BEST);
    Result result =
        new Result(
            request.output(),
            Files.size(request.output()),
            classPath.bytes(),
            ClassFiles.count(kept),
            ClassFiles.count(entries),
            false);
    refuseTooLarge(result, request, kept);
    made.remember(result);
    return result;
  }

  /** What ProGuard left, and the names of those providers only that it left. */
  private static Map<String, byte[]> kept(Path raw) throws IOException {
    Map<String, byte[]> kept = new TreeMap<>(MergedClassPath.read(List.of(raw)).entries());
    Map<String, byte[]> providers = new TreeMap<>(kept);
    providers.forEach((name, content) -> {
      if (ProviderFile.is(name)) {
        byte[] there =
            ProviderFile.only(content, provider -> kept.containsKey(ClassFiles.entryOf(provider)));
        if (there.length == 0) {
          kept.remove(name);
        } else {
          kept.put(name, there);
        }
      }
    });
    return kept;
  }

  private static void refuseNewerThanImage(Map<String, byte[]> entries) {
    int newest = Runtime.version().feature() + 44;
    entries.forEach((name, content) -> {
      if (ClassFiles.is(name) && ClassFiles.majorVersion(content) > newest) {
        throw new ShrinkException(
            "%s was compiled for Java %d, and this is Java %d: shrink with the JDK that compiled it"
                .formatted(
                    name, ClassFiles.majorVersion(content) - 44, Runtime.version().feature()));
      }
    });
  }

  private static void refuseTooLarge(Result result, Request request, Map<String, byte[]> kept)
      throws IOException {
    if (result.bytes() <= request.limitMegabytes() * MEGABYTE) {
      return;
    }
    Path refused = request.work().resolve("too-large.jar");
    Files.deleteIfExists(refused);
    Files.move(request.output(), refused);
    throw new ShrinkException(
        String.format(
            Locale.ROOT,
            "%s is %.1f MB, and its limit in the pom is %d MB: leave out what isn't needed, in %s"
                + " or by an exclusion in the pom; what is in it (uncompressed):%n%s",
            request.output().getFileName(),
            result.bytes() / MEGABYTE,
            request.limitMegabytes(),
            request.rulesInWords(),
            largestPackages(kept)));
  }

  private static String largestPackages(Map<String, byte[]> kept) {
    return kept.entrySet().stream()
        .collect(
            Collectors.groupingBy(
                entry -> start(entry.getKey()),
                Collectors.summingLong(entry -> entry.getValue().length)))
        .entrySet()
        .stream()
        .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
        .limit(PACKAGES_TOLD)
        .map(one -> String.format(Locale.ROOT, "%8d kB  %s", one.getValue() / 1000, one.getKey()))
        .collect(Collectors.joining("\n"));
  }

  private static String start(String name) {
    int end = -1;
    for (int i = 0; i < PACKAGE_DEPTH; i++) {
      int next = name.indexOf('/', end + 1);
      if (next < 0) {
        break;
      }
      end = next;
    }
    return end < 0 ? name : name.substring(0, end);
  }

  /** What an earlier run has made. */
  private static final class Made {
    private final Request request;
    private final Path record;
    private final String inputs;
    private final Optional<Result> upToDate;

    Made(Request request) throws IOException {
      this.request = request;
      record = request.work().resolve("made.txt");
      inputs = Inputs.of(request);
      upToDate = find();
    }

    Optional<Result> upToDate() {
      return upToDate;
    }

    private Optional<Result> find() throws IOException {
      if (!Files.isRegularFile(record) || !Files.isRegularFile(request.output())) {
        return Optional.empty();
      }
      List<String> lines = Files.readAllLines(record);
      if (lines.size() != 5
          || !lines.get(0).equals(inputs)
          || !lines.get(1).equals(Inputs.of(request.output()))) {
        return Optional.empty();
      }
      // Who compares times with the sources' has to see that it was looked at.
      Files.setLastModifiedTime(request.output(), FileTime.from(Instant.now()));
      return Optional.of(
          new Result(
              request.output(),
              Files.size(request.output()),
              Long.parseLong(lines.get(2)),
              Integer.parseInt(lines.get(3)),
              Integer.parseInt(lines.get(4)),
              true));
    }

    void remember(Result result) throws IOException {
      Files.write(
          record,
          List.of(
              inputs,
              Inputs.of(request.output()),
              String.valueOf(result.bytesBefore()),
              String.valueOf(result.classes()),
              String.valueOf(result.classesBefore())));
    }
  }
}
