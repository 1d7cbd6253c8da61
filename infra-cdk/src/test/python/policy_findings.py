# SPDX-License-Identifier: Apache-2.0
"""Prints what parliament finds in policies, one finding in a line: the file, a tab, the finding.

Arguments: files with one policy each.
"""

import pathlib
import sys

import parliament

if __name__ == "__main__":
    for name in sys.argv[1:]:
        policy = pathlib.Path(name).read_text("utf-8")
        for finding in parliament.analyze_policy_string(policy).findings:
            print(f"{name}\t{finding.issue} {finding.detail}")
