// node lint.mjs FILE: prints what Redocly's rules find in an OpenAPI description, and ends with 1 if that is anything.
import openapi from "@redocly/openapi-core";

const config = await openapi.createConfig({
  extends: ["recommended"],
  rules: {
    // Not among the recommended ones, and kept all the same.
    "operation-singular-tag": "error",
    "operation-tag-defined": "error",
    "parameter-description": "error",
    "spec-strict-refs": "error",
    "tags-alphabetical": "error",
  },
});
const problems = await openapi.lint({ ref: process.argv[2], config });
for (const { severity, ruleId, message, location } of problems) {
  console.log(`${severity} ${ruleId}: ${message} (${location[0].pointer})`);
}
process.exitCode = problems.length === 0 ? 0 : 1;
