// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import io.multuseni.infra.observability.AlarmList;
import io.multuseni.infra.observability.AlarmSpec;
import io.multuseni.infra.observability.DashboardBody;
import io.multuseni.infra.observability.Watched;
import java.util.List;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.cloudwatch.CfnAlarm;
import software.amazon.awscdk.services.cloudwatch.CfnDashboard;
import software.constructs.Construct;

/** The alarms and the dashboard of a cluster. */
public final class ObservabilityStack extends Stack {
  /**
   * Makes the stack.
   *
   * @param scope the app
   * @param watched what is to be watched
   */
  public ObservabilityStack(Construct scope, Watched watched) {
    super(
        scope,
        watched.names().observabilityStack(),
        StackProps.builder()
            .description("multus-eni: alarms and dashboard of " + watched.cluster())
            .build());
    List<String> topics = watched.config().deployment().alarmTopic().stream().toList();
    List<CfnAlarm> alarms =
        AlarmList.of(watched).stream()
            .map(spec -> alarm(watched.names().alarm(spec.about()), spec, topics))
            .toList();
    CfnDashboard.Builder.create(this, "Dashboard")
        .dashboardName(watched.names().dashboard())
        .dashboardBody(
            DashboardBody.of(
                watched, Aws.REGION, alarms.stream().map(CfnAlarm::getAttrArn).toList()))
        .build();
  }

  private CfnAlarm alarm(String name, AlarmSpec spec, List<String> topics) {
    return CfnAlarm.Builder.create(this, "Alarm-" + spec.about())
        .alarmName(name)
        .alarmDescription(spec.description())
        .namespace(spec.metric().namespace())
        .metricName(spec.metric().name())
        .dimensions(
            List.of(
                CfnAlarm.DimensionProperty.builder()
                    .name(spec.metric().dimension())
                    .value(spec.metric().value())
                    .build()))
        .statistic(spec.statistic().word())
        .period(spec.period().toSeconds())
        .evaluationPeriods(spec.periods())
        .comparisonOperator(spec.comparison().word())
        .threshold(spec.threshold())
        .treatMissingData(spec.missing().word())
        .alarmActions(topics)
        .build();
  }
}
