// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import io.multuseni.aws.AwsClients;
import io.multuseni.aws.pacing.RetrySettings;
import io.multuseni.base.Time;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.event.Incoming;
import io.multuseni.core.event.IncomingParser;
import io.multuseni.eniattach.EniAttachHandler;
import io.multuseni.eniattach.EniSweepHandler;
import io.multuseni.eniattach.NotDoneException;
import io.multuseni.eniattach.NotSweptException;
import io.multuseni.eniattach.Sandbox;
import io.multuseni.eniattach.Telemetry;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The story of a replayed event: files read, event decoded, the right function called with it. */
final class ReplayFlow {
  /** Where clients lead that nothing will be sent with. */
  private static final URI NOWHERE = URI.create("http://127.0.0.1:9");

  private ReplayFlow() {}

  /**
   * Replays it.
   *
   * @throws BadInputException where a file, the event or the AWS settings are no use
   */
  static ReplayResult run(ReplayRequest request) {
    ProvisionerConfig config = InputFiles.config(request.config());
    String text = InputFiles.text(request.event());
    Incoming incoming = IncomingParser.parse(text, config, Instant.now());
    ScheduledEvent event = decoded(text, incoming, request);

    try (AwsClients clients = clientsFor(incoming)) {
      Sandbox sandbox =
          new Sandbox(config, clients, Time.system(), Telemetry.none(), request.dryRun());
      return incoming instanceof Incoming.SweepTick
          ? sweep(sandbox, event, new FunctionContext("multus-eni-sweep", request.timeout()))
          : attach(
              sandbox,
              event,
              new FunctionContext("multus-eni-attach", request.timeout()),
              isReadable(incoming));
    }
  }

  private static @Nullable ScheduledEvent decoded(
      String text, Incoming incoming, ReplayRequest request) {
    try {
      return new EventDecoder().decode(text);
    } catch (BadInputException e) {
      // What our own reader has to say of a broken text is easier to understand.
      String why = incoming instanceof Incoming.NotForUs broken ? broken.message() : e.getMessage();
      throw new BadInputException(request.event() + ": " + why);
    }
  }

  private static AwsClients clientsFor(Incoming incoming) {
    if (incoming instanceof Incoming.NotForUs) {
      // No call is made, so an event can be tried out without an AWS account.
      return AwsClients.emulator(NOWHERE, RetrySettings.standard(), Time.system());
    }
    AwsSettings.check();
    return AwsClients.standard(Time.system());
  }

  private static ReplayResult attach(
      Sandbox sandbox, @Nullable ScheduledEvent event, Context context, boolean readable) {
    try {
      return new ReplayResult.Attached(
          new EniAttachHandler(sandbox).handleRequest(event, context), readable);
    } catch (NotDoneException notDone) {
      return new ReplayResult.Attached(notDone.report(), readable);
    }
  }

  /** A broken event is the user's mistake here, while somebody else's event is in order. */
  private static boolean isReadable(Incoming incoming) {
    return !(incoming instanceof Incoming.NotForUs ignored)
        || switch (ignored.reason()) {
          case MALFORMED_EVENT, MISSING_FIELD, BAD_FIELD -> false;
          case TEST_NOTIFICATION,
              OTHER_EVENT,
              FOREIGN_GROUP,
              FOREIGN_HOOK,
              INSTANCE_GONE,
              FOREIGN_CLUSTER,
              NO_ACTION_PENDING ->
              true;
        };
  }

  private static ReplayResult sweep(
      Sandbox sandbox, @Nullable ScheduledEvent event, Context context) {
    try {
      return new ReplayResult.Swept(new EniSweepHandler(sandbox).handleRequest(event, context));
    } catch (NotSweptException notSwept) {
      return new ReplayResult.Swept(notSwept.report());
    }
  }
}
