import { expect, test } from "bun:test"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { call, hooked, scene } from "./scene.ts"

const OWN = "~/.claude/settings.json"
const LS = call("bash", { command: "ls" })

test("exit code 2 denies a call, with what the hook wrote to stderr as the reason", async () => {
  await using at = scene()
  const file = at.put(OWN, hooked("PreToolUse", "echo 'no ls here' >&2; exit 2"))

  expect(await at.run(LS)).toMatchObject({
    ...{ decision: "deny", reason: "no ls here", messages: [] },
    ran: [{ hook: "echo 'no", file, outcome: "blocked", message: "no ls here" }],
  })
})

test("another exit code blocks nothing and is told, with the file", async () => {
  await using at = scene()
  const file = at.put(OWN, hooked("PreToolUse", "echo broken >&2; exit 3"))

  const outcome = await at.run(LS)

  expect(outcome.decision).toBeUndefined()
  expect(outcome.ran).toMatchObject([
    { hook: "echo broken", file, outcome: "failed", message: "It ended with exit code 3: broken" },
  ])
})

test("a hook whose file says that its failure is a no denies the call when it fails", async () => {
  await using at = scene()
  at.put(OWN, hooked("PreToolUse", "exit 3", { onFailure: "block" }))

  expect(await at.run(LS)).toMatchObject({
    ...{ decision: "deny", reason: "The hook exit 3 failed. It ended with exit code 3." },
    ran: [{ outcome: "blocked" }],
  })
})

test("what a hook prints as JSON decides, rewrites and adds context", async () => {
  await using at = scene()
  const said = {
    systemMessage: "made it long",
    hookSpecificOutput: {
      ...{ hookEventName: "PreToolUse", permissionDecision: "allow", permissionDecisionReason: "it only looks" },
      ...{ updatedInput: { command: "ls -l" }, additionalContext: "The folder is small." },
    },
  }
  at.put(OWN, hooked("PreToolUse", `echo '${JSON.stringify(said)}'`, {}, "Bash"))

  expect(await at.run(LS)).toMatchObject({
    ...{ decision: "allow", reason: "it only looks", input: { command: "ls -l" }, context: "The folder is small." },
    ...{ messages: ["made it long"], ran: [{ outcome: "changed" }] },
  })
})

test("of several hooks the strictest word holds, and a denied call is not rewritten", async () => {
  await using at = scene()
  const says = (permissionDecision: string) => ({
    ...{
      type: "command",
      command: `echo '${JSON.stringify({ hookSpecificOutput: { permissionDecision, updatedInput: { command: "x" } } })}'`,
    },
  })
  at.put(OWN, { hooks: { PreToolUse: [{ hooks: [says("allow"), says("deny"), says("ask")] }] } })

  const outcome = await at.run(LS)

  expect([outcome.decision, outcome.input]).toEqual(["deny", undefined])
  expect(outcome.ran.map((run) => run.outcome)).toEqual(["changed", "blocked", "changed"])
})

test("plain text is context for the model where a session starts and where a person asks, and nowhere else", async () => {
  await using at = scene()
  const says = [{ hooks: [{ type: "command", command: "echo It is Tuesday." }] }]
  at.put(OWN, { hooks: { SessionStart: says, UserPromptSubmit: says, PreToolUse: says } })

  const contexts = [
    await at.run({ event: "SessionStart", source: "startup" }),
    await at.run({ event: "UserPromptSubmit", prompt: "hello" }),
    await at.run(LS),
  ].map(({ context }) => context)
  expect(contexts).toEqual(["It is Tuesday.", "It is Tuesday.", undefined])
})

test("what is said no to: a prompt, a compaction and an end are blocked; after a call the model is told", async () => {
  await using at = scene()
  const says = [{ hooks: [{ type: "command", command: "echo not yet >&2; exit 2" }] }]
  at.put(OWN, {
    hooks: {
      UserPromptSubmit: says,
      PreCompact: says,
      Stop: says,
      PostToolUse: says,
      PostToolUseFailure: says,
      SessionEnd: says,
    },
  })

  const block = { reason: "not yet" }
  expect(await at.run({ event: "UserPromptSubmit", prompt: "x" })).toMatchObject({ block })
  expect(await at.run({ event: "PreCompact", trigger: "auto", instructions: "" })).toMatchObject({ block })
  expect(await at.run({ event: "Stop", isHookActive: false })).toMatchObject({ block })
  const after = { event: "PostToolUse", output: "a", durationMs: 1, toolName: "bash", callId: "c", input: {} } as const
  expect(await at.run(after)).toMatchObject({ block })
  const failed = { event: "PostToolUseFailure", error: "x", isInterrupted: false, durationMs: 1 } as const
  expect(await at.run({ ...failed, toolName: "bash", callId: "c", input: {} })).toMatchObject({ context: "not yet" })
  expect(await at.run({ event: "SessionEnd", reason: "exit" })).toMatchObject({ messages: ["not yet"] })
})

test("a hook that takes too long is ended with everything that came of it, also what ignores being asked", async () => {
  await using at = scene()
  const mark = join(at.project, "late")
  const line = `trap "" TERM; (sleep 1; touch ${mark}) & while :; do sleep 0.1; done`
  at.put(OWN, hooked("PreToolUse", line, { timeout: 0.2 }))

  const startedAt = performance.now()
  const outcome = await at.run(LS)

  expect(performance.now() - startedAt).toBeLessThan(2_000)
  expect(outcome.ran[0]).toMatchObject({ outcome: "timed_out", message: "It took longer than 0.2 s, so it was ended." })
  expect(outcome.decision).toBeUndefined()
  await Bun.sleep(1_200)
  expect(existsSync(mark)).toBe(false)
})

test("a hook that may take for ever is not ended at once", async () => {
  await using at = scene()
  at.put(OWN, hooked("UserPromptSubmit", "sleep 0.1; echo heard", { timeout: 1e9 }))

  expect((await at.run({ event: "UserPromptSubmit", prompt: "x" })).context).toBe("heard")
})

test("a stopped turn ends its hooks at once", async () => {
  await using at = scene()
  at.put(OWN, hooked("PreToolUse", "sleep 100"))
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 50)

  const outcome = await at.run(LS, {}, stop.signal)

  expect(outcome.ran[0]).toMatchObject({ outcome: "failed", message: "It was ended with the turn." })
})

test("a hook that goes on in the background, closes its output or does not read is still heard", async () => {
  await using at = scene()
  const mark = join(at.project, "sent")
  at.put(OWN, hooked("Stop", `(sleep 0.2; touch ${mark}) & exec 1>&-; echo keep on >&2; exit 2`))

  expect((await at.run({ event: "Stop", isHookActive: false })).block).toEqual({ reason: "keep on" })
  expect(existsSync(mark)).toBe(true)
})

test("garbage, half JSON and a flood are told and count as nothing", async () => {
  await using at = scene()
  at.put(OWN, {
    hooks: {
      PreToolUse: ["head -c 5000 /dev/urandom", "echo '{\"continue\": fal'", "yes no"].map((command) => ({
        hooks: [{ type: "command", command }],
      })),
    },
  })

  const { decision, stop, context, ran } = await at.run(LS)

  expect([decision, stop, context]).toEqual([undefined, undefined, undefined])
  expect(ran.map(({ outcome, message }) => [outcome, message])).toEqual([
    ["passed", undefined],
    ["failed", "It printed something that begins as JSON and is none."],
    ["failed", "It printed more than 1 MB, so it was ended and nothing of it counts."],
  ])
})

test("a hook beside the turn is not waited for, one that runs once does so, and the same one twice is one", async () => {
  await using at = scene()
  const mark = join(at.project, "ran")
  const entry = (command: string, more: object = {}) => ({ type: "command", command, ...more })
  at.put(OWN, {
    hooks: {
      PreToolUse: [
        {
          hooks: [
            entry(`sleep 0.3; echo beside >> ${mark}`, { async: true }),
            entry(`echo once >> ${mark}`, { once: true }),
          ],
        },
        { matcher: "Bash", hooks: [entry(`echo twice >> ${mark}`), entry(`echo twice >> ${mark}`)] },
      ],
    },
  })

  const startedAt = performance.now()
  const first = await at.run(LS)
  const second = await at.run(LS)
  expect(performance.now() - startedAt).toBeLessThan(1_000)
  expect(first.ran.map(({ outcome }) => outcome)).toEqual(["skipped", "passed", "passed"])
  expect(second.ran.map(({ message }) => message)).toEqual([
    "It runs beside the turn.",
    "It runs once in a session.",
    undefined,
  ])
  await Bun.sleep(500)
  const lines = (await Bun.file(mark).text()).trim().split("\n")
  expect(lines.toSorted()).toEqual(["beside", "beside", "once", "twice", "twice"])
})

test("a hundred hooks at one point all run, and their words come in the order of the file", async () => {
  await using at = scene()
  const all = Array.from({ length: 100 }, (_, index) => ({ type: "command", command: `echo line ${index}` }))
  at.put(OWN, { hooks: { UserPromptSubmit: [{ hooks: all }] } })

  const { context, ran } = await at.run({ event: "UserPromptSubmit", prompt: "x" })

  expect(ran).toHaveLength(100)
  expect(context?.split("\n\n")).toEqual(all.map((_, index) => `line ${index}`))
})

test("a program with arguments runs without a shell, its placeholders filled in", async () => {
  await using at = scene()
  at.put(OWN, hooked("UserPromptSubmit", "echo", { args: ["$HOME", "${CLAUDE_PROJECT_DIR}"] }))

  expect((await at.run({ event: "UserPromptSubmit", prompt: "x" })).context).toBe(`$HOME ${at.project}`)
})

test("no secret of a hook is in what is told of it", async () => {
  await using at = scene()
  at.put(OWN, hooked("PreToolUse", "TOKEN=s3cr3t curl -H 'x: s3cr3t'; echo s3cr3t >&2; exit 1"))

  const told = JSON.stringify([await at.run(LS), await at.hooks.list({ cwd: at.project })])
  expect(told).not.toContain("s3cr3t")
  expect(told).toContain("curl -H")
})

test("whoever closes the hooks waits until nothing of them is left", async () => {
  const at = scene()
  const mark = join(at.project, "ended")
  at.put(OWN, hooked("Stop", `trap 'touch ${mark}' TERM; sleep 100 & wait`, { async: true }))
  await at.run({ event: "Stop", isHookActive: false })
  await Bun.sleep(200)

  await at.hooks.close()

  expect(existsSync(mark)).toBe(true)
  await at[Symbol.asyncDispose]()
})

test("a call is not run as if nobody had wanted it changed where a change cannot be said to its tool", async () => {
  await using at = scene()
  const said = { hookSpecificOutput: { permissionDecision: "allow", updatedInput: { file_path: "/tmp/other" } } }
  at.put(OWN, hooked("PreToolUse", `echo '${JSON.stringify(said)}'`, {}, "Write"))

  const patch = "*** Begin Patch\n*** Add File: a\n+x\n*** End Patch"
  expect(await at.run(call("apply_patch", { patch }))).toMatchObject({
    decision: "deny",
    reason: expect.stringContaining("A call of apply_patch cannot be put into the words of one file's edit."),
    ran: [{ outcome: "blocked" }],
  })
})

const patchOf = (files: number) =>
  ["*** Begin Patch", ...Array.from({ length: files }, (_, at) => `*** Add File: f${at}\n+x`), "*** End Patch"].join(
    "\n",
  )

test("a hook that is asked about each file of a patch is asked no more once it said no or hung", async () => {
  await using at = scene()
  const log = join(at.home, "asked")
  at.put(OWN, hooked("PreToolUse", `echo x >> ${log}; echo no >&2; exit 2`, {}, "Write"))
  expect(await at.run(call("apply_patch", { patch: patchOf(3) }))).toMatchObject({ decision: "deny", reason: "no" })
  expect(readFileSync(log, "utf8")).toBe("x\n")

  at.put(OWN, hooked("PreToolUse", "sleep 100", { timeout: 0.1 }, "Write"))
  const { ran } = await at.run(call("apply_patch", { patch: patchOf(3) }))
  expect(ran.map(({ outcome }) => outcome)).toEqual(["timed_out"])
})

test("a patch of more files than a hook is asked about is denied, and not let through behind the first ones", async () => {
  await using at = scene()
  at.put(OWN, hooked("PreToolUse", "grep -q f50 && exit 2 || exit 0", {}, "Write"))
  const many = call("apply_patch", { patch: patchOf(51) })
  expect(await at.run(many)).toMatchObject({
    decision: "deny",
    reason: "It makes 51 changes, and a hook is asked about at most 50 of one call. Make them in several calls",
  })
  expect((await at.run(call("apply_patch", { patch: patchOf(50) }))).decision).toBeUndefined()
})
