// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import io.multuseni.core.config.Deployment.FunctionSettings;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.NodeGroup.AutoScalingGroups;
import io.multuseni.core.config.NodeGroup.CreateHook;
import io.multuseni.core.config.NodeGroup.EksManagedNodegroup;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.config.TimeChain;
import io.multuseni.infra.functions.JavaFunction;
import io.multuseni.infra.launch.AttachConcurrency;
import io.multuseni.infra.launch.EventTimes;
import io.multuseni.infra.launch.LaunchPattern;
import io.multuseni.infra.policies.AttachPolicy;
import io.multuseni.infra.policies.SweepPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.autoscaling.CfnLifecycleHook;
import software.amazon.awscdk.services.events.EventPattern;
import software.amazon.awscdk.services.events.Rule;
import software.amazon.awscdk.services.events.targets.LambdaFunction;
import software.amazon.awscdk.services.lambda.destinations.SqsDestination;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.constructs.Construct;

/**
 * The attach and the sweep function, and all by which launches reach them: lifecycle hooks, rules,
 * dead letters, a schedule.
 */
public final class EniAttachStack extends Stack {
  static final String LAUNCHING = "autoscaling:EC2_INSTANCE_LAUNCHING";
  static final String TERMINATING = "autoscaling:EC2_INSTANCE_TERMINATING";

  /** Said outright: what holds without it, the documentation told wrong for years. */
  static final String DEFAULT_RESULT = "ABANDON";

  private static final long DAY = java.time.Duration.ofDays(1).toMinutes();

  private final ProvisionerConfig config;
  private final Names names;
  private final ClusterFacts facts;
  private final FunctionConfiguration configuration;
  private final Queue deadLetters;
  private final JavaFunction attach;
  private final JavaFunction sweep;

  /**
   * Makes the stack.
   *
   * @param scope the app
   * @param config the configuration
   * @param jar of both functions
   * @param refresh a text whose change makes EKS be asked again, see {@link EksAnswers}
   * @throws BadInput where the configuration can't be deployed
   */
  public EniAttachStack(Construct scope, ProvisionerConfig config, Path jar, String refresh)
      throws BadInput {
    super(
        scope,
        new Names(config.cluster()).attachStack(),
        StackProps.builder()
            .description("multus-eni: network interfaces of the nodes of " + config.cluster())
            .build());
    this.config = config;
    names = new Names(config.cluster());
    facts = new ClusterFacts(this, config, refresh);
    configuration = new FunctionConfiguration(this, config, facts.deployed());
    deadLetters =
        Queue.Builder.create(this, "DeadLetters")
            .encryption(QueueEncryption.SQS_MANAGED)
            .enforceSsl(true)
            .retentionPeriod(Duration.days(14))
            .build();
    Nag.suppress(deadLetters, "AwsSolutions-SQS3", "this is the queue for dead letters");
    attach = attachFunction(jar);
    sweep = sweepFunction(jar);
    List<Rule> rules = launchRules();
    hooks(rules);
    sweep.every(this, "EachMinute", 1, "sweep of " + config.cluster());
    // A version of Java that nobody calls for 14 days loses its snapshot (Lambda developer guide,
    // SnapStart), and a quiet cluster has no launch for longer. The event ends as IGNORED.
    attach.every(this, "EachDay", DAY, "keeps the snapshot of the attach function");
  }

  /** The attach function. */
  public JavaFunction attach() {
    return attach;
  }

  /** The sweep function. */
  public JavaFunction sweep() {
    return sweep;
  }

  /** Where launch events end that could not be delivered or worked off. */
  public Queue deadLetters() {
    return deadLetters;
  }

  private JavaFunction attachFunction(Path jar) {
    return function(
        "Attach",
        new JavaFunction.Properties(
            names.attachFunction(),
            "Attaches the Multus network interfaces of a new node and completes its lifecycle action",
            jar,
            "io.multuseni.eniattach.EniAttachHandler",
            TimeChain.FUNCTION_TIMEOUT,
            config.deployment().attach().memoryMb(),
            AttachConcurrency.of(config),
            configuration.environment(),
            AttachPolicy.statements(config, Stacks.scopeOf(this), facts),
            EventTimes.IN_QUEUE,
            EventTimes.TRIES_IN_QUEUE,
            Optional.of(new SqsDestination(deadLetters)),
            Optional.empty()));
  }

  private JavaFunction sweepFunction(Path jar) {
    FunctionSettings settings = config.deployment().sweep();
    return function(
        "Sweep",
        new JavaFunction.Properties(
            names.sweepFunction(),
            "Finishes launches that events missed and deletes network interfaces that nobody needs",
            jar,
            "io.multuseni.eniattach.EniSweepHandler",
            TimeChain.FUNCTION_TIMEOUT,
            settings.memoryMb(),
            // Two at a time would only see each other's work half done.
            settings.concurrency().reserved(1),
            configuration.environment(),
            SweepPolicy.statements(config, Stacks.scopeOf(this), facts),
            JavaFunction.TICK_AGE,
            0,
            Optional.empty(),
            Optional.empty()));
  }

  private JavaFunction function(String id, JavaFunction.Properties properties) {
    JavaFunction function = new JavaFunction(this, id, config.deployment(), properties);
    // The first run reads them.
    function.alias().getNode().addDependency(configuration);
    return function;
  }

  /** The rules by which launches reach the attach function. */
  private List<Rule> launchRules() {
    List<Rule> rules = new ArrayList<>();
    for (LaunchPattern pattern : LaunchPattern.of(config, facts)) {
      rules.add(
          Rule.Builder.create(this, "Launches" + (rules.isEmpty() ? "" : rules.size() + 1))
              .description("multus-eni: lifecycle actions of nodes of " + config.cluster())
              .eventPattern(
                  EventPattern.builder()
                      .source(List.of("aws.autoscaling"))
                      .detailType(pattern.detailTypes())
                      .detail(pattern.detail())
                      .build())
              .targets(
                  List.of(
                      LambdaFunction.Builder.create(attach.alias())
                          .maxEventAge(Duration.seconds(EventTimes.IN_RULE.toSeconds()))
                          .retryAttempts(EventTimes.TRIES_IN_RULE)
                          .deadLetterQueue(deadLetters)
                          .build()))
              .build());
    }
    return rules;
  }

  /**
   * Our hooks, of groups that are there already. They come after everything that answers them and
   * go before it: a launch that nobody answers waits for its heartbeat timeout and is ABANDONed.
   */
  private void hooks(List<Rule> rules) {
    // A hook goes by its Auto Scaling group alone. Were it made anew because a node group got
    // another name here, CloudFormation would delete the old one, which has the same name.
    Construct scope = new Construct(this, "Hooks");
    for (NodeGroup group : config.nodeGroups()) {
      if (group.lifecycleHook() instanceof CreateHook && group.setup().launch().isEmpty()) {
        switch (group.membership()) {
          case AutoScalingGroups groups ->
              groups.names().forEach(name -> hooks(new Construct(scope, name), name, group, rules));
          case EksManagedNodegroup managed ->
              hooks(
                  new Construct(scope, "managed:" + managed.nodegroup()),
                  facts.of(group).getFirst(),
                  group,
                  rules);
        }
      }
    }
  }

  private void hooks(Construct scope, String name, NodeGroup group, List<Rule> rules) {
    hook(scope, "Launch", NodeGroup.LAUNCH_HOOK, LAUNCHING, name, group, rules);
    if (config.deployment().terminateHook()) {
      hook(scope, "Terminate", NodeGroup.TERMINATE_HOOK, TERMINATING, name, group, rules);
    }
  }

  private void hook(
      Construct scope,
      String id,
      String hook,
      String transition,
      String autoScalingGroup,
      NodeGroup group,
      List<Rule> rules) {
    CfnLifecycleHook resource =
        CfnLifecycleHook.Builder.create(scope, id)
            .autoScalingGroupName(autoScalingGroup)
            .lifecycleHookName(hook)
            .lifecycleTransition(transition)
            .defaultResult(DEFAULT_RESULT)
            .heartbeatTimeout(group.heartbeatTimeout().toSeconds())
            .build();
    rules.forEach(rule -> resource.getNode().addDependency(rule));
    resource.getNode().addDependency(attach, deadLetters);
  }
}
