// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.functions;

import static java.util.Objects.requireNonNull;

import io.multuseni.core.config.Deployment;
import io.multuseni.core.config.Deployment.Architecture;
import io.multuseni.infra.Nag;
import io.multuseni.infra.policies.PolicyDocuments;
import io.multuseni.infra.policies.Statement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.ArnFormat;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.events.Rule;
import software.amazon.awscdk.services.events.Schedule;
import software.amazon.awscdk.services.events.targets.LambdaFunction;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.IManagedPolicy;
import software.amazon.awscdk.services.iam.ManagedPolicy;
import software.amazon.awscdk.services.iam.PolicyDocument;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.lambda.CfnFunction;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.EventInvokeConfig;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.IDestination;
import software.amazon.awscdk.services.lambda.LoggingFormat;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.lambda.SnapStartConf;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/**
 * A Lambda function in Java with its log group, its role, a published version and the alias that
 * everything calls. SnapStart has no effect on {@code $LATEST}, so that nothing may call that
 * (Lambda developer guide, SnapStart).
 */
public final class JavaFunction extends Construct {
  /** Name of the alias. */
  public static final String ALIAS = "live";

  /** How late a tick of a schedule may be: the shortest that EventBridge and Lambda take. */
  public static final java.time.Duration TICK_AGE = java.time.Duration.ofMinutes(1);

  private final Function function;
  private final Alias alias;
  private final LogGroup logGroup;
  private final Role role;
  private final EventInvokeConfig invocation;

  /**
   * Makes it.
   *
   * @param scope the stack
   * @param id of the construct
   * @param deployment what all functions have in common
   * @param properties what this one has for itself
   */
  public JavaFunction(Construct scope, String id, Deployment deployment, Properties properties) {
    super(scope, id);
    logGroup = LogGroup.Builder.create(this, "Logs").retention(retention(deployment)).build();
    List<Statement> statements = statements(deployment, properties);
    PolicyDocuments policies = PolicyDocuments.of(statements);
    policies.problem().ifPresent(problem -> Annotations.of(this).addError(problem));
    role =
        Role.Builder.create(this, "Role")
            .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
            .description(properties.description())
            .inlinePolicies(Map.of("function", document(policies.inline())))
            .managedPolicies(managed(policies, properties))
            .build();
    Nag.suppressWildcards(this, statements);
    Function.Builder builder =
        Function.Builder.create(this, "Function")
            .functionName(properties.name())
            .description(properties.description())
            .runtime(Runtime.JAVA_25)
            .architecture(
                deployment.architecture() == Architecture.ARM64
                    ? software.amazon.awscdk.services.lambda.Architecture.ARM_64
                    : software.amazon.awscdk.services.lambda.Architecture.X86_64)
            .code(Code.fromAsset(properties.jar().toString()))
            .handler(properties.handler())
            .role(role)
            .logGroup(logGroup)
            .loggingFormat(LoggingFormat.JSON)
            .snapStart(SnapStartConf.ON_PUBLISHED_VERSIONS)
            .timeout(Duration.seconds(properties.timeout().toSeconds()))
            .memorySize(properties.memoryMb())
            .environment(new LinkedHashMap<>(properties.environment()));
    properties.reservedConcurrency().ifPresent(builder::reservedConcurrentExecutions);
    function = builder.build();
    if (deployment.tracing()) {
      trace();
    }
    properties.network().ifPresent(this::place);
    // The alias is of a published version.
    Annotations.of(function).acknowledgeWarning("@aws-cdk/aws-lambda:snapStartRequirePublish");
    alias =
        Alias.Builder.create(this, "Alias")
            .aliasName(ALIAS)
            .version(function.getCurrentVersion())
            .build();
    EventInvokeConfig.Builder invoke =
        EventInvokeConfig.Builder.create(this, "Invocation")
            .function(function)
            .qualifier(alias.getAliasName())
            .maxEventAge(Duration.seconds(properties.eventAge().toSeconds()))
            .retryAttempts(properties.retries());
    properties.deadLetters().ifPresent(invoke::onFailure);
    invocation = invoke.build();
    invocation.getNode().addDependency(alias);
  }

  /** The function itself; call its {@link #alias()}. */
  public Function function() {
    return function;
  }

  /** What rules and schedules call. */
  public Alias alias() {
    return alias;
  }

  /**
   * Calls it regularly. A tick that is too late or fails is dropped: the next one does as well.
   *
   * @param scope of the rule
   * @param id of the rule
   * @param minutes between two ticks
   * @param what the rule is for
   */
  public Rule every(Construct scope, String id, long minutes, String what) {
    return Rule.Builder.create(scope, id)
        .description("multus-eni: " + what)
        .schedule(Schedule.rate(Duration.minutes(minutes)))
        .targets(
            List.of(
                LambdaFunction.Builder.create(alias)
                    .maxEventAge(Duration.seconds(TICK_AGE.toSeconds()))
                    .retryAttempts(0)
                    .build()))
        .build();
  }

  /** Where it logs. */
  public LogGroup logGroup() {
    return logGroup;
  }

  /** Its role. */
  public Role role() {
    return role;
  }

  /** How often and how late Lambda calls it with an event. */
  public EventInvokeConfig invocation() {
    return invocation;
  }

  /** Past the CDK's own way, which would give the role a second policy beside its only one. */
  private void trace() {
    resource().setTracingConfig(CfnFunction.TracingConfigProperty.builder().mode("Active").build());
  }

  /** By ids: the CDK's own way wants to know the VPC and its zones, which takes a look-up. */
  private void place(Network network) {
    resource()
        .setVpcConfig(
            CfnFunction.VpcConfigProperty.builder()
                .subnetIds(network.subnets())
                .securityGroupIds(network.securityGroups())
                .build());
  }

  private CfnFunction resource() {
    return (CfnFunction) requireNonNull(function.getNode().getDefaultChild());
  }

  private List<Statement> statements(Deployment deployment, Properties properties) {
    List<Statement> statements = new ArrayList<>(properties.statements());
    statements.add(
        Statement.allow(
            "WriteLog",
            List.of("logs:CreateLogStream", "logs:PutLogEvents"),
            List.of(
                Stack.of(this)
                    .formatArn(
                        ArnComponents.builder()
                            .service("logs")
                            .resource("log-group")
                            .resourceName(logGroup.getLogGroupName() + ":log-stream:*")
                            .arnFormat(ArnFormat.COLON_RESOURCE_NAME)
                            .build()))));
    if (deployment.tracing()) {
      statements.add(
          Statement.allow(
              "Trace", List.of("xray:PutTelemetryRecords", "xray:PutTraceSegments"), List.of("*")));
    }
    return statements;
  }

  private List<IManagedPolicy> managed(PolicyDocuments policies, Properties properties) {
    List<IManagedPolicy> managed = new ArrayList<>();
    for (List<Statement> statements : policies.managed()) {
      int number = managed.size() + 1;
      managed.add(
          ManagedPolicy.Builder.create(this, "Policy" + number)
              .description(
                  "%s (%d of %d)"
                      .formatted(properties.description(), number, policies.managed().size()))
              .document(document(statements))
              .build());
    }
    return managed;
  }

  private static PolicyDocument document(List<Statement> statements) {
    return PolicyDocument.Builder.create()
        .statements(statements.stream().map(JavaFunction::statement).toList())
        .build();
  }

  private static PolicyStatement statement(Statement statement) {
    return PolicyStatement.Builder.create()
        .sid(statement.sid())
        .effect(statement.effect() == Statement.Effect.ALLOW ? Effect.ALLOW : Effect.DENY)
        .actions(statement.actions())
        .resources(statement.resources())
        .conditions(conditions(statement))
        .build();
  }

  /** One value stands for itself, as IAM shows it. */
  private static Map<String, Object> conditions(Statement statement) {
    Map<String, Object> conditions = new LinkedHashMap<>();
    statement
        .conditions()
        .forEach((operator, keys) -> {
          Map<String, Object> ofOperator = new LinkedHashMap<>();
          keys.forEach((key, values) ->
              ofOperator.put(key, values.size() == 1 ? values.getFirst() : values));
          conditions.put(operator, ofOperator);
        });
    return conditions;
  }

  private static RetentionDays retention(Deployment deployment) {
    return switch (deployment.logRetentionDays()) {
      case 1 -> RetentionDays.ONE_DAY;
      case 3 -> RetentionDays.THREE_DAYS;
      case 5 -> RetentionDays.FIVE_DAYS;
      case 7 -> RetentionDays.ONE_WEEK;
      case 14 -> RetentionDays.TWO_WEEKS;
      case 30 -> RetentionDays.ONE_MONTH;
      case 60 -> RetentionDays.TWO_MONTHS;
      case 90 -> RetentionDays.THREE_MONTHS;
      case 120 -> RetentionDays.FOUR_MONTHS;
      case 150 -> RetentionDays.FIVE_MONTHS;
      case 180 -> RetentionDays.SIX_MONTHS;
      case 365 -> RetentionDays.ONE_YEAR;
      case 400 -> RetentionDays.THIRTEEN_MONTHS;
      case 545 -> RetentionDays.EIGHTEEN_MONTHS;
      case 731 -> RetentionDays.TWO_YEARS;
      case 1096 -> RetentionDays.THREE_YEARS;
      case 1827 -> RetentionDays.FIVE_YEARS;
      case 2192 -> RetentionDays.SIX_YEARS;
      case 2557 -> RetentionDays.SEVEN_YEARS;
      case 2922 -> RetentionDays.EIGHT_YEARS;
      case 3288 -> RetentionDays.NINE_YEARS;
      case 3653 -> RetentionDays.TEN_YEARS;
      default ->
          throw new IllegalArgumentException(
              "no retention of CloudWatch Logs: " + deployment.logRetentionDays() + " days");
    };
  }

  /**
   * What a function has for itself.
   *
   * @param name of the function, up to 64 characters
   * @param description what it does, for whoever finds it in the account
   * @param jar its code
   * @param handler the class that Lambda calls
   * @param timeout how long a run may take, up to 900 s
   * @param memoryMb its memory
   * @param reservedConcurrency how many runs there may be at a time; empty where nothing is
   *     reserved
   * @param environment its environment variables
   * @param statements what it may do
   * @param eventAge how old an event may get before Lambda drops it, 60 s to 21,600 s
   * @param retries how often Lambda repeats a run that failed, 0 to 2
   * @param deadLetters where dropped events go
   * @param network where in a VPC it runs; empty outside of any
   */
  public record Properties(
      String name,
      String description,
      Path jar,
      String handler,
      java.time.Duration timeout,
      int memoryMb,
      Optional<Integer> reservedConcurrency,
      Map<String, String> environment,
      List<Statement> statements,
      java.time.Duration eventAge,
      int retries,
      Optional<IDestination> deadLetters,
      Optional<Network> network) {
    /** Copies the collections. */
    public Properties {
      environment = new LinkedHashMap<>(environment);
      statements = List.copyOf(statements);
    }
  }

  /**
   * Where in a VPC a function runs.
   *
   * @param subnets ids, at least one
   * @param securityGroups ids, at least one
   */
  public record Network(List<String> subnets, List<String> securityGroups) {
    /** Copies the lists. */
    public Network {
      subnets = List.copyOf(subnets);
      securityGroups = List.copyOf(securityGroups);
    }
  }
}
