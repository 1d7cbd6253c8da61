// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import io.multuseni.aws.AwsClients;
import io.multuseni.base.Deadline;
import io.multuseni.base.Time;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.report.ReconcileReport;
import io.multuseni.ipreconcile.ReconcileFlow;
import io.multuseni.kube.KubeClients;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** The story of one reconciliation by hand: files read, clients made, one pass of the function. */
final class ReconcileOnceFlow {
  private ReconcileOnceFlow() {}

  /**
   * Reconciles.
   *
   * @param told gets what people should know while it lasts
   * @throws BadInputException where a file or the AWS settings are no use
   */
  static ReconcileReport run(ReconcileRequest request, Consumer<String> told) {
    ProvisionerConfig config = InputFiles.config(request.config());
    Time time = Time.system();
    try (KubeClients kubernetes = kubernetes(config, request.kubeconfig(), time)) {
      AwsSettings.check();
      try (AwsClients aws = AwsClients.standard(time)) {
        // Only the flow waits for a grace; the short pauses between calls aren't worth a word.
        Time toldTime = new ToldTime(time, told);
        return new ReconcileFlow(config, aws, kubernetes, toldTime, request.dryRun())
            .pass(Deadline.in(time, graceToWait(config, request).plus(request.timeout())));
      }
    }
  }

  private static Duration graceToWait(ProvisionerConfig config, ReconcileRequest request) {
    return request.dryRun() ? Duration.ZERO : config.reconciliation().releaseGrace();
  }

  private static KubeClients kubernetes(
      ProvisionerConfig config, Optional<Path> kubeconfig, Time time) {
    if (kubeconfig.isEmpty()) {
      return KubeClients.eks(config.cluster(), config.apiServer(), time);
    }
    if (InputFiles.text(kubeconfig.get()).isBlank()) {
      throw new BadInputException(
          kubeconfig.get()
              + " is empty; 'aws eks update-kubeconfig --name CLUSTER --kubeconfig FILE' writes one");
    }
    try {
      return KubeClients.kubeconfig(kubeconfig, time);
    } catch (CallFailure failure) {
      throw new BadInputException(kubeconfig.get() + ": " + failure.answer());
    }
  }
}
