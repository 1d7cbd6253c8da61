// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads kubeconfig files by the rules of kubectl. */
final class Kubeconfig {
  private Kubeconfig() {}

  /**
   * What was read.
   *
   * @param config the current context's cluster and user
   * @param where the files, for people
   */
  record Found(Config config, String where) {}

  static Found read(Optional<Path> file) {
    List<File> files =
        file.map(one -> List.of(one.toFile()))
            .orElseGet(() ->
                Config.getKubeconfigFilenames().stream()
                    .map(File::new)
                    .filter(File::isFile)
                    .toList());
    if (files.isEmpty()) {
      throw failure(
          String.join(File.pathSeparator, Config.getKubeconfigFilenames()),
          "NoKubeconfig",
          "there is no such file; write one with 'aws eks update-kubeconfig --name CLUSTER', or"
              + " name one in KUBECONFIG",
          null);
    }
    String where =
        files.stream().map(File::getPath).collect(Collectors.joining(File.pathSeparator));
    Optional<File> unreadable = files.stream().filter(one -> !one.canRead()).findFirst();
    if (unreadable.isPresent()) {
      throw failure(
          unreadable.get().getPath(),
          "NoKubeconfig",
          unreadable.get().exists()
              ? "the file can't be read; check its permissions"
              : "there is no such file",
          null);
    }
    Config config = parsed(files, where);
    if (config.getCurrentContext() == null) {
      throw failure(
          where,
          "NoContext",
          "it has no current context that it describes; choose one with 'kubectl config"
              + " use-context NAME'",
          null);
    }
    if (Config.DEFAULT_MASTER_URL.equals(withoutSlash(config.getMasterUrl()))) {
      throw failure(
          where,
          "NoServer",
          "its current context %s names no cluster with a server"
              .formatted(config.getCurrentContext().getName()),
          null);
    }
    if (config.isTrustCerts()) {
      throw failure(
          where,
          "InsecureKubeconfig",
          "its current context %s skips the verification of TLS; give certificate-authority-data"
                  .formatted(config.getCurrentContext().getName())
              + " instead of insecure-skip-tls-verify",
          null);
    }
    return new Found(config, where);
  }

  private static Config parsed(List<File> files, String where) {
    try {
      if (files.size() == 1) {
        return Config.fromKubeconfig(files.getFirst());
      }
      Config config = Config.empty();
      KubeConfigUtils.merge(
          config,
          null,
          files.stream()
              .map(KubeConfigUtils::parseConfig)
              .toArray(io.fabric8.kubernetes.api.model.Config[]::new));
      return config;
    } catch (RuntimeException e) {
      // The parsers of YAML, certificates and credential helpers each throw their own.
      throw failure(where, "BadKubeconfig", "it can't be used: " + KubeErrors.words(e), e);
    }
  }

  private static String withoutSlash(String url) {
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  private static CallFailure failure(
      String where, String code, String message, @Nullable Throwable cause) {
    return new CallFailure(ErrorMeaning.INVALID, "read kubeconfig", where, code, message, cause);
  }
}
