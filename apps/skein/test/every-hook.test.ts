import { expect, setDefaultTimeout, test } from "bun:test"
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { HOOK_EVENTS } from "@skein/host"
import { describeBinary } from "./ground/binary.ts"
import { repository } from "./ground/repository.ts"
import type { Scene } from "./ground/scene.ts"
import { working } from "./ground/working.ts"

// A hang guard: each takes a second or two.
setDefaultTimeout(60_000)

type Told = Readonly<Record<string, unknown>>
const call = (name: string, args: object) => ({ calls: [{ name, args }] })
const FILES = { claude: ".claude/settings.json", codex: ".codex/hooks.json" } as const

/** At every point a hook that writes down what it reads. */
function listening(scene: Scene): void {
  for (const [program, file] of Object.entries(FILES)) {
    const hook = { type: "command", command: `cat >> ${join(scene.home, program)}.jsonl` }
    const hooks = Object.fromEntries(HOOK_EVENTS.map((event) => [event, [{ hooks: [hook] }]]))
    const path = join(scene.home, file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, JSON.stringify({ hooks }))
  }
}

function toldTo(program: keyof typeof FILES, scene: Scene): readonly Told[] {
  const lines = readFileSync(join(scene.home, `${program}.jsonl`), "utf8")
    .trim()
    .split("\n")
  return lines.map((line) => JSON.parse(line))
}

/** What only that run knows: ids, times. */
const OWN = new Set(["session_id", "transcript_path", "tool_use_id", "turn_id", "duration_ms", "token_usage"])
const fieldsOf = (told: Told): Told => Object.fromEntries(Object.entries(told).filter(([name]) => !OWN.has(name)))
const sequence = (all: readonly Told[]) =>
  all.map(({ hook_event_name: event, tool_name: tool = "" }) => `${event} ${tool}`)

/** In the order of a turn; the names of tools and the words are each program's own. */
function turnOf(program: keyof typeof FILES) {
  const [shell, read, task] = program === "claude" ? ["Bash", "Read", "Task"] : ["Bash", "read", "task"]
  const step = (...between: readonly string[]) => ["PreModelRequest ", "PostModelRequest ", ...between]
  return [
    ...["SessionStart ", "UserPromptSubmit "],
    ...step(`PreToolUse ${shell}`, `PostToolUse ${shell}`),
    ...step(`PreToolUse ${read}`, `PostToolUseFailure ${read}`),
    ...step(`PreToolUse ${shell}`, `PermissionRequest ${shell}`, `PermissionDenied ${shell}`),
    ...step(`PreToolUse ${task}`, "WorktreeCreate ", "SubagentStart ", ...step("SubagentStop ")),
    ...["WorktreeRemove ", `PostToolUse ${task}`],
    ...step("Stop "),
    ...["ConfigChange ", "SessionEnd "],
  ]
}

describeBinary("every point, in a run where nobody is there", () => {
  test("hooks of both programs hear of a whole turn, of each thing once, when it happens, in their own words", async () => {
    using at = working({
      "do it all": [
        call("bash", { command: "echo one" }),
        call("read", { path: "nothing.txt" }),
        call("bash", { command: "git push origin main" }),
        call("task", { agent: "coder", description: "look", prompt: "Look.", isolation: "worktree" }),
        (asked) => {
          appendFileSync(join(at.scene.home, FILES.claude), "\n")
          return asked.say({ text: "Done." })
        },
      ],
      "Look.": [{ text: "Looked." }],
    })
    const { scene } = at
    repository(scene, ["AGENTS.md", "Be kind.\n"])
    listening(scene)
    const ran = await scene.run(["-p", "--mode", "ask", "--allow", "task", "do it all"])
    expect(ran.out).toBe("Done.\n")

    for (const program of ["claude", "codex"] as const) {
      const told = toldTo(program, scene)
      // Nobody waits for what is said of instructions: it comes whenever it comes.
      const isLoading = ({ hook_event_name }: Told) => hook_event_name === "InstructionsLoaded"
      expect(sequence(told.filter((one) => !isLoading(one)))).toEqual(turnOf(program))
      const loaded = told.filter(isLoading).map(({ file_path, load_reason }) => [file_path, load_reason])
      const reason = program === "claude" ? "session_start" : "start"
      expect(loaded).toEqual([
        [scene.path("AGENTS.md"), reason],
        [expect.stringMatching(/skein-worktrees.*AGENTS\.md$/), reason],
      ])
      for (const { transcript_path } of told) expect(existsSync(String(transcript_path))).toBe(true)
      for (const one of told) expect(one.session_id).toBe(told[0]?.session_id)
      const kept = Object.fromEntries(told.map((one) => [String(one.hook_event_name), fieldsOf(one)]))
      for (const [event, fields] of Object.entries(FIELDS)) expect([event, kept[event]]).toMatchObject([event, fields])
    }
    const [claude, codex] = [toldTo("claude", scene), toldTo("codex", scene)]
    const one = (all: readonly Told[], event: string) => all.find(({ hook_event_name }) => hook_event_name === event)
    expect(one(claude, "PostToolUse")).toMatchObject({ tool_response: { stdout: "one\n(exit 0)", interrupted: false } })
    expect(one(codex, "PostToolUse")).toMatchObject({ tool_response: "one\n(exit 0)" })
    expect(one(claude, "SessionEnd")?.reason).toBe("prompt_input_exit")
    expect(one(claude, "ConfigChange")?.source).toBe("user_settings")
    expect(one(codex, "PreToolUse")?.turn_id).toMatch(/^[0-9a-f]{8}-/)
  })

  test("a turn that fails, one that is interrupted, and a compaction that is asked for, are told as well", async () => {
    const overloaded = JSON.stringify({ type: "error", error: { type: "invalid_request_error", message: "No." } })
    using at = working({
      fail: [(asked) => asked.refuse(400, overloaded)],
      wait: [call("bash", { command: "sleep 50" })],
      hello: [{ text: "Hello." }],
    })
    const { scene } = at
    listening(scene)
    const events = () => toldTo("claude", scene).map(({ hook_event_name }) => hook_event_name)

    await scene.run(["-p", "fail"])
    // Nobody waits for what is told of a failure, so the session's end may be heard of first.
    const ending = toldTo("claude", scene).slice(-2)
    expect(ending).toContainEqual(expect.objectContaining({ hook_event_name: "StopFailure", error: "invalid_request" }))

    const waiting = scene.start(["-p", "--mode", "auto", "wait"])
    while (!events().includes("PreToolUse")) await Bun.sleep(20)
    await Bun.sleep(300)
    waiting.kill("SIGINT")
    await waiting.exited
    // Whoever leaves waits for neither of the first two.
    expect(events().slice(-3).toSorted()).toEqual(["Interrupt", "PostToolUseFailure", "SessionEnd"])

    await scene.run(["-p", "hello"])
    await scene.run(["compact", "--last"])
    const compacted = toldTo("claude", scene).filter(({ trigger }) => trigger === "manual")
    expect(compacted.map(({ hook_event_name }) => hook_event_name)).toEqual(["PreCompact", "PostCompact"])
  })
})

/** Of the last of each kind; alike in both programs' words. */
const FIELDS: Readonly<Record<string, Told>> = {
  SessionStart: { source: "startup", model: expect.any(String), permission_mode: "default" },
  UserPromptSubmit: { prompt: "do it all" },
  PreModelRequest: { step: 5 },
  PostModelRequest: { step: 5, status: "completed" },
  PermissionRequest: { tool_input: { command: "git push origin main" } },
  PermissionDenied: { reason: expect.stringContaining("nobody is there to ask") },
  PostToolUseFailure: { error: "There is no file nothing.txt.", is_interrupt: false },
  WorktreeCreate: { worktree_path: expect.stringContaining("skein-worktrees") },
  SubagentStart: { agent_type: "coder", agent_id: expect.stringMatching(/^ses_/) },
  SubagentStop: { last_assistant_message: "Looked.", agent_transcript_path: expect.stringContaining("ses_") },
  WorktreeRemove: { worktree_path: expect.stringContaining("skein-worktrees") },
  Stop: { stop_hook_active: false, last_assistant_message: "Done." },
  ConfigChange: { file_path: expect.stringContaining(FILES.claude) },
}
