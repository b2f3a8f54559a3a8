import { expect, test } from "bun:test"
import { byPackage, casesOf, failuresSaid } from "../src/junit.ts"

const XML = `<testsuites name="bun test" tests="4">
  <testsuite name="packages/core/a.test.ts" file="packages/core/a.test.ts" tests="3">
    <testcase name="one &amp; two &lt;are&gt; &quot;three&quot;" classname="" time="0.5" file="packages/core/a.test.ts" line="2" />
    <testsuite name="group"><testcase name="it fails" classname="group" time="0.25" file="packages/core/a.test.ts">
      <failure type="Error" message="no">Error: no</failure>
    </testcase></testsuite>
    <testcase name="not now" classname="" time="0" file="packages/core/a.test.ts"><skipped /></testcase>
  </testsuite>
  <testcase name="another one" classname="" time="1" file="adapters/store/test/b.test.ts" />
</testsuites>`

test("a report gives every test with its outcome", () => {
  expect(casesOf(XML).map(({ name, outcome }) => `${outcome} ${name}`)).toEqual([
    'passed one & two <are> "three"',
    "failed group it fails",
    "skipped not now",
    "passed another one",
  ])
})

test("the summary has one row for each package", () => {
  expect([...byPackage(casesOf(XML))]).toEqual([
    ["adapters/store", { passed: 1, failed: 0, skipped: 0, seconds: 1 }],
    ["packages/core", { passed: 1, failed: 1, skipped: 1, seconds: 0.75 }],
  ])
})

test("a file that cannot be loaded counts as a failure though the report leaves it out", () => {
  expect(
    failuresSaid("# Unhandled error between tests\n\n 2 pass\n \u001b[31m1 fail\u001b[0m\n 1 error\nRan 2 tests"),
  ).toBe(1)
  expect(failuresSaid(" 2 pass\n 0 fail\nRan 2 tests across 1 file.")).toBe(0)
})
