// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.multuseni.localcloud.fault.FaultEffect;
import io.multuseni.localcloud.fault.FaultPlan;
import io.multuseni.localcloud.time.CloudClock;
import io.multuseni.localcloud.wire.Answers;
import io.multuseni.localcloud.wire.ApiError;
import io.multuseni.localcloud.wire.Params;
import io.multuseni.localcloud.wire.ServiceName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/**
 * One request in, one answer out: latency, then the fault plan, then the state, then the record.
 */
final class CloudHandler implements HttpHandler {
  private static final System.Logger LOGGER = System.getLogger(CloudHandler.class.getName());

  private final CloudState state;
  private final FaultPlan faults;
  private final CallLog calls;

  CloudHandler(CloudState state, FaultPlan faults, CallLog calls) {
    this.state = state;
    this.faults = faults;
    this.calls = calls;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Params params;
      try {
        params = read(exchange);
      } catch (ApiError unreadable) {
        send(exchange, ServiceName.SSM, refusal(ServiceName.SSM, unreadable));
        return;
      }
      CloudClock clock = state.settings().clock();
      clock.onRequest();
      try {
        clock.sleep(state.settings().latency());
      } catch (InterruptedException e) {
        // The cloud is closing: the caller sees its connection go.
        Thread.currentThread().interrupt();
        return;
      }
      Optional<Answer> answer = answer(params);
      record(params, answer);
      if (answer.isPresent()) {
        send(exchange, ServiceName.of(params), answer.get());
      }
      // Without an answer, closing the exchange closes the connection.
    }
  }

  private static Params read(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    if (target != null) {
      return ServiceName.ofJson(target, body);
    }
    String query = exchange.getRequestURI().getRawQuery();
    return Params.parse(query == null ? body : body.isEmpty() ? query : query + "&" + body);
  }

  /** The answer, or nothing if the connection is to be closed without one. */
  private Optional<Answer> answer(Params params) {
    ServiceName service = ServiceName.of(params);
    return faults
        .next(params.text("Action").orElse(""))
        .map(fault ->
            switch (fault) {
              case FaultEffect.RequestDropped() -> Optional.<Answer>empty();
              case FaultEffect.AnswerDropped() -> {
                carryOut(service, params);
                yield Optional.<Answer>empty();
              }
              case FaultEffect.Meanwhile(boolean afterEffect, Runnable event) -> {
                if (!afterEffect) {
                  event.run();
                }
                Answer answer = carryOut(service, params);
                if (afterEffect) {
                  event.run();
                }
                yield Optional.of(answer);
              }
              case FaultEffect.ErrorAnswer error -> {
                if (error.afterEffect()) {
                  carryOut(service, params);
                }
                yield Optional.of(
                    refusal(
                        service, new ApiError(error.code(), error.httpStatus(), error.message())));
              }
            })
        .orElseGet(() -> Optional.of(carryOut(service, params)));
  }

  private Answer carryOut(ServiceName service, Params params) {
    try {
      return new Answer(200, state.answer(service, params, requestId()), Optional.empty());
    } catch (ApiError refused) {
      return refusal(service, refused);
    } catch (RuntimeException bug) {
      // A mistake of this endpoint: the caller must see it as what it is, not as a lost answer.
      LOGGER.log(System.Logger.Level.ERROR, "failed to answer " + params.asMap(), bug);
      return refusal(service, new ApiError("InternalError", 500, "local-cloud failed: " + bug));
    }
  }

  private static Answer refusal(ServiceName service, ApiError error) {
    return new Answer(
        error.httpStatus(),
        Answers.error(service, error.code(), error.text(), error.httpStatus(), requestId()),
        Optional.of(error.code()));
  }

  private static String requestId() {
    return UUID.randomUUID().toString();
  }

  private void record(Params params, Optional<Answer> answer) {
    calls.add(
        new Call(
            ServiceName.of(params).id(),
            params.text("Action").orElse(""),
            params.asMap(),
            answer.map(Answer::httpStatus).orElse(0),
            answer.flatMap(Answer::errorCode),
            state.settings().clock().now()));
  }

  private static void send(HttpExchange exchange, ServiceName service, Answer answer)
      throws IOException {
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange
        .getResponseHeaders()
        .set(
            "Content-Type",
            service == ServiceName.SSM ? "application/x-amz-json-1.1" : "text/xml;charset=UTF-8");
    exchange.sendResponseHeaders(answer.httpStatus(), bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private record Answer(int httpStatus, String body, Optional<String> errorCode) {}
}
