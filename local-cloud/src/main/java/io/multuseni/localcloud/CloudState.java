// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud;

import io.multuseni.localcloud.autoscaling.ScalingOptions;
import io.multuseni.localcloud.autoscaling.ScalingService;
import io.multuseni.localcloud.autoscaling.ScalingWorld;
import io.multuseni.localcloud.ec2.Ec2Options;
import io.multuseni.localcloud.ec2.Ec2Service;
import io.multuseni.localcloud.ec2.Ec2World;
import io.multuseni.localcloud.ec2.Throttles;
import io.multuseni.localcloud.events.EventDelivery;
import io.multuseni.localcloud.ssm.ParameterStore;
import io.multuseni.localcloud.wire.Answers;
import io.multuseni.localcloud.wire.Ec2Action;
import io.multuseni.localcloud.wire.Ec2ActionParser;
import io.multuseni.localcloud.wire.Params;
import io.multuseni.localcloud.wire.ScalingAction;
import io.multuseni.localcloud.wire.ScalingActionParser;
import io.multuseni.localcloud.wire.ServiceName;
import io.multuseni.localcloud.wire.SsmAction;
import io.multuseni.localcloud.wire.SsmActionParser;
import io.multuseni.localcloud.wire.Xml;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The services and the one lock over them. Whoever gets the lock first lets everything that is due
 * happen, so that state which changes with time is right without any thread that watches it.
 */
final class CloudState {
  private final ReentrantLock lock = new ReentrantLock();
  private final EventDelivery events;
  private final Throttles throttles = new Throttles();
  final Ec2World ec2;
  final ScalingWorld scaling;
  final ParameterStore parameters;
  private final Ec2Service ec2Service;
  private final ScalingService scalingService;
  private volatile Settings settings;

  CloudState(Settings settings) {
    this.settings = settings;
    this.events = new EventDelivery(settings.clock());
    this.ec2 = new Ec2World(settings.clock(), this::ec2Options, settings.seed());
    this.scaling =
        new ScalingWorld(
            settings.clock(), this::scalingOptions, ec2, events::publish, ~settings.seed());
    this.parameters =
        new ParameterStore(
            settings.clock(),
            () -> this.settings.visibilityDelay(),
            settings.region(),
            settings.account());
    this.ec2Service = new Ec2Service(ec2);
    this.scalingService = new ScalingService(scaling);
  }

  Settings settings() {
    return settings;
  }

  void settings(Settings changed) {
    settings = changed;
  }

  EventDelivery events() {
    return events;
  }

  /** Runs {@code work} alone, after everything that is due. */
  <T> T alone(Supplier<T> work) {
    lock.lock();
    try {
      settle();
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /** Like {@link #alone}, for work without a result. */
  void runAlone(Runnable work) {
    lock.lock();
    try {
      settle();
      work.run();
    } finally {
      lock.unlock();
    }
  }

  private void settle() {
    ec2.settle();
    scaling.settle();
    events.deliverDue();
  }

  /**
   * Carries out a request, throttling included.
   *
   * @return the body of the answer
   */
  String answer(ServiceName service, Params params, String requestId) {
    String action = params.text("Action").orElse("");
    return alone(() ->
        switch (service) {
          case EC2 -> Answers.success(service, action, requestId, answerEc2(params));
          case AUTO_SCALING -> Answers.success(service, action, requestId, answerScaling(params));
          case SSM -> answerSsm(params);
        });
  }

  private Xml answerEc2(Params params) {
    if (settings.throttling()) {
      boolean unfiltered =
          !params.has("Filter") && !params.has("MaxResults") && !params.has("NextToken");
      String action = params.text("Action").orElse("");
      int terminated = action.equals("TerminateInstances") ? params.list("InstanceId").size() : 0;
      throttles.take(action, unfiltered, terminated, now());
    }
    Ec2Action action = Ec2ActionParser.read(params);
    return ec2Service.answer(action, params.isTrue("DryRun"));
  }

  private Xml answerScaling(Params params) {
    if (settings.throttling()) {
      scalingService.throttle(now());
    }
    ScalingAction action = ScalingActionParser.read(params);
    return scalingService.answer(action);
  }

  private String answerSsm(Params params) {
    if (settings.throttling()) {
      parameters.throttle();
    }
    return switch (SsmActionParser.read(params)) {
      case SsmAction.GetParameters(List<String> names) -> parameters.get(names);
    };
  }

  private Instant now() {
    return settings.clock().now();
  }

  private Ec2Options ec2Options() {
    Settings s = settings;
    return new Ec2Options(
        s.region(),
        s.account(),
        s.attachTime(),
        s.detachTime(),
        s.bootTime(),
        s.visibilityDelay(),
        s.addressLag());
  }

  private ScalingOptions scalingOptions() {
    Settings s = settings;
    return new ScalingOptions(s.region(), s.account(), s.replaceAbandoned());
  }
}
