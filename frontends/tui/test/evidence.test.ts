import { expect, test } from "bun:test"
import { calls, say, scriptedModel, testTools } from "@skein/testkit"
import { sit } from "./sitting.ts"

const change = { path: "/srv/shop/a.ts", kind: "update", before: null, after: null, diff: "-one\n+two\n" } as const
const edited = { forModel: [], changes: [change] }

/** `edit` changes a file, `bash` prints nothing and ends as the command's `exit` says. */
const tools: ReturnType<typeof testTools> = {
  ...testTools({
    edit: { run: () => edited },
    bash: { run: ({ exit }) => ({ forModel: [], exitCode: Number(exit) }) },
  }),
  describe: (name, input) => ({
    title: typeof input === "object" && input !== null && "command" in input ? String(input.command) : name,
    kind: name === "bash" ? "execute" : "edit",
    locations: [],
  }),
}

const LINES = /^ {2}(?:[✓✗○] \w+|changed) .*$/gm

async function saidOf(...script: readonly (readonly [name: string, args: object])[]): Promise<readonly string[]> {
  const at = await sit(scriptedModel(calls(...script), say("All tests pass.")), { ports: { tools } })
  await at.type("mend it\r")
  const screen = await at.until("Done")
  await at.leave()
  return (screen.match(LINES) ?? []).map((line) => line.trim().replace(/ {2,}/g, "  "))
}

const CHANGED = "changed  1 file +1 −1  /diff  /undo"

test("a turn says verified of a check that went well after its last edit, and of nothing else", async () => {
  expect(await saidOf(["edit", {}], ["bash", { command: "npm test", exit: 0 }])).toEqual([
    "✓ verified  npm test  exit 0, after the last edit",
    CHANGED,
  ])
  expect(await saidOf(["edit", {}], ["bash", { command: "ls", exit: 0 }])).toEqual([
    "○ unverified  no test, build or lint ran after the last edit",
    CHANGED,
  ])
})

test("a command that the settings name is a check", async () => {
  const script = calls(["edit", {}], ["bash", { command: "make accept", exit: 0 }])
  const settings = { checks: ["make accept"] }
  const at = await sit(scriptedModel(script, say("Done.")), { ports: { tools }, settings })
  await at.type("mend it\r")
  expect(await at.until("after the last edit")).toMatch(/✓ verified +make accept +exit 0/)
  await at.leave()
})

test("a check that failed says so, and one that an edit came after is stale", async () => {
  expect(await saidOf(["edit", {}], ["bash", { command: "npm test", exit: 1 }])).toEqual([
    "✗ failed  npm test  exit 1, after the last edit",
    CHANGED,
  ])
  expect(await saidOf(["bash", { command: "npm test", exit: 0 }], ["edit", {}])).toEqual([
    "○ stale  npm test  exit 0, before the last edit",
    CHANGED,
  ])
})
