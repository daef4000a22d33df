"""template.yaml as CloudFormation sees it: after the SAM transform.

`python -m local.transformed_template` prints it as JSON. `sam validate --lint` looks at the
template before the transform, and misses circular dependencies and what stands in Globals.
"""

import json
from pathlib import Path
from typing import Any, cast

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

TEMPLATE = Path(__file__).parent.parent / "template.yaml"


def transformed_template(path: Path = TEMPLATE) -> dict[str, Any]:
    """The template at `path` with the SAM transform applied; nothing is uploaded or asked for."""
    # What YAML aliases share has to be apart, as in a packaged template: the transform edits it.
    template = json.loads(json.dumps(yaml_parse(path.read_text())))
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            # the transform wants code that is already in a bucket
            resource["Properties"]["CodeUri"] = "s3://packaged/code.zip"
    defaults = {
        name: parameter.get("Default", "") for name, parameter in template["Parameters"].items()
    }
    translator = Translator(
        managed_policy_map={},
        sam_parser=Parser(),
        boto_session=boto3.Session(region_name="eu-west-1"),
    )
    return cast(
        "dict[str, Any]", translator.translate(sam_template=template, parameter_values=defaults)
    )


if __name__ == "__main__":
    print(json.dumps(transformed_template(), indent=1))
