// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

import java.time.Duration;

/**
 * A fault in the making: first which calls, then what happens. It is in force once its effect is
 * named, and hits every call from then on until it is limited by {@link KubeFault#once()} or {@link
 * KubeFault#times(int)}.
 */
public final class KubeFaultBuilder {
  private final KubeFaults faults;
  private final String verb;
  private final String resource;
  private int page;
  private int firstCall = 1;

  KubeFaultBuilder(KubeFaults faults, String verb, String resource) {
    this.faults = faults;
    this.verb = verb;
    this.resource = resource;
  }

  /**
   * Only that page of a list.
   *
   * @param number from 1
   */
  public KubeFaultBuilder page(int number) {
    page = atLeastOne(number, "page");
    return this;
  }

  /**
   * Only from the {@code k}-th of these calls on.
   *
   * @param k at least 1, counted from now
   */
  public KubeFaultBuilder onCall(int k) {
    firstCall = atLeastOne(k, "call");
    return this;
  }

  /**
   * Answers with a Status of that code and without any effect.
   *
   * @param status HTTP status, 400 to 599
   */
  public KubeFault answer(int status) {
    return answer(
        status,
        ApiException.reasonOf(status),
        "planted fault: " + verb + " " + resource + " is answered with " + status);
  }

  /**
   * Answers with a Status and without any effect.
   *
   * @param status HTTP status, 400 to 599
   * @param reason Kubernetes' word for it, for example {@code Forbidden}
   * @param message text for people
   */
  public KubeFault answer(int status, String reason, String message) {
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException(status + " is no HTTP error");
    }
    return plant(
        new KubeEffect.Answered(Answer.refusal(new ApiException(status, reason, message))));
  }

  /** Answers with a page of HTML and status 200, as a proxy that wants a login does. */
  public KubeFault answerHtml() {
    return answerHtml(200);
  }

  /**
   * Answers with a page of HTML.
   *
   * @param status HTTP status, 200 to 599
   */
  public KubeFault answerHtml(int status) {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException(status + " is no HTTP status of an answer");
    }
    return plant(new KubeEffect.Answered(Answer.html(status)));
  }

  /** Answers later. Other faults on the same call still hit it, after the delay. */
  public KubeFault delay(Duration delay) {
    return plant(new KubeEffect.Delayed(delay));
  }

  /** Closes the connection without an answer and without any effect. */
  public KubeFault dropConnection() {
    return plant(new KubeEffect.Dropped());
  }

  /** Closes the connection in the middle of the answer; on a watch it closes it at once. */
  public KubeFault cutAnswer() {
    return plant(new KubeEffect.Cut());
  }

  /** Lets something happen in the world before the call sees it. */
  public KubeFault before(Runnable event) {
    return plant(new KubeEffect.Before(event));
  }

  /** Lets something happen in the world after the call saw it, before its answer is sent. */
  public KubeFault after(Runnable event) {
    return plant(new KubeEffect.After(event));
  }

  private KubeFault plant(KubeEffect effect) {
    return faults.plant(new KubeFault(verb, resource, page, firstCall, effect));
  }

  private static int atLeastOne(int number, String what) {
    if (number < 1) {
      throw new IllegalArgumentException("there is no " + what + " " + number);
    }
    return number;
  }
}
