import { describe, expect, test } from "bun:test"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { BINARY, describeBinary } from "./ground/binary.ts"
import { json, ok, said } from "./ground/said.ts"
import { talking } from "./ground/talking.ts"
import { Terminal } from "./ground/terminal.ts"

const HANG_MS = 60_000
const HELLO = { text: "Hello there." }
const YES = ["--mode", "auto"]

const write = (path: string, content: string) => ({ calls: [{ name: "write", args: { path, content } }] })
const bash = (command: string) => ({ calls: [{ name: "bash", args: { command } }] })

describeBinary("sessions on the command line", () => {
  test(
    "are listed, named, labelled, found, put away and removed",
    async () => {
      using talk = talking(HELLO)
      const { scene } = talk
      const [cart = "", docs = ""] = await said(talk, "fix the shopping cart", "read the documents")
      await ok(scene, "session", "rename", cart, "The cart")
      await ok(scene, "session", "label", "The cart", "shop,urgent")
      const list = await ok(scene, "session", "list")
      expect(list.split("\n")[0]).toMatch(new RegExp(`^${cart}  now  1 turn  The cart +\\[shop\\] \\[urgent\\]$`))
      expect(await json(scene, "threads", "list", "--label", "shop")).toMatchObject([
        { sessionId: cart, title: "The cart" },
      ])
      const found = await ok(scene, "search", "shopping")
      expect(found).toContain(`${cart}  now  The cart\n    `)
      expect(found).toContain("«shopping»")
      expect(await ok(scene, "archive", docs)).toBe(`Archived session ${docs}.\n`)
      expect((await json(scene, "session", "list")).length).toBe(1)
      expect((await json(scene, "session", "list", "--archived")).length).toBe(2)
      await ok(scene, "unarchive", docs.slice(4))
      const refused = await scene.run(["delete", docs])
      expect([refused.code, refused.err]).toEqual([2, expect.stringContaining("say --yes to do it")])
      expect(await ok(scene, "delete", "--force", docs)).toBe(`Deleted session ${docs}.\n`)
      expect((await json(scene, "session", "list", "--archived")).length).toBe(1)
      expect((await scene.run(["resume", docs, "hi"])).err).toContain(`Cannot find session ${docs}`)
    },
    HANG_MS,
  )

  test(
    "are gone on with by title and by the beginning of an id, and forked at any turn",
    async () => {
      using talk = talking(HELLO)
      const { scene } = talk
      const [id = ""] = await said(talk, "one")
      await ok(scene, "session", "rename", id, "Counting")
      await ok(scene, "resume", "Counting", "two")
      const context = await ok(scene, "context", "Counting")
      expect(context).toMatch(/\n {2}person \d+\n/)
      expect(context).toMatch(/\ncache: \d+ of the newest request's \d+ tokens came from it\n$/)
      await ok(scene, "resume", id.slice(4, 26), "three")
      expect(talk.server.conversations.at(-1)?.said.slice(-3)).toEqual(["one", "two", "three"])
      await ok(scene, "fork", "Counting", "another three", "--at", "2", "--target-session-id", "ses_forked")
      expect(talk.server.conversations.at(-1)?.said.slice(-3)).toEqual(["one", "two", "another three"])
      const tree = await ok(scene, "session", "tree", "ses_forked")
      expect(tree.split("\n").map((line) => line.replace(/ {2}\(.*/, ""))).toEqual([
        "● 1  one",
        "● 2  two",
        "* 3  another three",
        "",
      ])
      expect(await ok(scene, "session", "show", "ses_forked")).toMatch(/^turns {4}3 turns, \d+ events$/m)
    },
    HANG_MS,
  )

  test(
    "are forked by --fork-session as Claude Code's clients ask it",
    async () => {
      using talk = talking(HELLO)
      const { scene } = talk
      const [id = ""] = await said(talk, "one")
      await ok(scene, "-p", "--resume", id, "--fork-session", "two")
      const out = await ok(scene, "-p", "--continue", "--fork-session", "three", "--output-format", "json")
      expect(talk.server.conversations.at(-1)?.said.slice(-3)).toEqual(["one", "two", "three"])
      const stdin = JSON.stringify({ type: "user", message: { role: "user", content: "four" } })
      const formats = ["--input-format", "stream-json", "--output-format", "stream-json", "--verbose"]
      const hosted = await scene.run([...formats, "--resume", id.slice(4), "--fork-session"], { stdin: `${stdin}\n` })
      expect([hosted.code, hosted.out.includes(id.slice(4))]).toEqual([0, false])
      expect(talk.server.conversations.at(-1)?.said.slice(-2)).toEqual(["one", "four"])
      const ids = (await json(scene, "session", "list", "--include-non-interactive")).map(
        ({ sessionId, turns }: { sessionId: string; turns: number }) => [sessionId, turns],
      )
      expect(ids).toEqual([
        [expect.any(String), 2],
        [`ses_${JSON.parse(out).session_id}`, 3],
        [expect.any(String), 2],
        [id, 1],
      ])
    },
    HANG_MS,
  )

  test(
    "of programs are left out unless they are asked for",
    async () => {
      using talk = talking(HELLO)
      const { scene } = talk
      const exec = await scene.run(["exec", "--skip-git-repo-check", "by a program"])
      expect(exec.code).toBe(0)
      const none = await scene.run(["resume", "--last", "go on"])
      expect([none.code, none.err]).toEqual([1, expect.stringContaining("There is no session to go on with")])
      expect(await json(scene, "session", "list")).toEqual([])
      expect((await json(scene, "session", "list", "--include-non-interactive")).length).toBe(1)
      await ok(scene, "resume", "--last", "--include-non-interactive", "go on")
      expect(talk.server.conversations.at(-1)?.said.slice(-2)).toEqual(["by a program", "go on"])
    },
    HANG_MS,
  )

  test(
    "resume and fork without a terminal list what there is",
    async () => {
      using talk = talking(HELLO)
      const { scene } = talk
      const [id = ""] = await said(talk, "one")
      expect(await ok(scene, "resume")).toMatch(new RegExp(`^${id}  now  1 turn  one\n$`))
      expect(await json(scene, "fork")).toMatchObject([{ sessionId: id, preview: "one" }])
      const lost = await scene.run(["resume"], { stdin: "and this" })
      expect([lost.code, lost.err]).toEqual([2, expect.stringContaining("Which session? The prompt was not sent")])
    },
    HANG_MS,
  )

  test(
    "tell what ran and what it changed, and give the files back",
    async () => {
      using talk = talking(
        write("a.txt", "new\n"),
        { text: "Wrote." },
        bash("echo more >> a.txt; rm -f b.txt; exit 3"),
        { text: "Ran." },
      )
      const { scene } = talk
      writeFileSync(scene.path("a.txt"), "old\n")
      writeFileSync(scene.path("b.txt"), "b\n")
      await ok(scene, "-p", "read a.txt, then write", ...YES)
      await ok(scene, "-p", "--continue", "run it", ...YES)
      expect(readFileSync(scene.path("a.txt"), "utf8")).toContain("more")
      const log = await ok(scene, "session", "log", "--last", "--turn", "2")
      expect(log).toContain("  $ echo more >> a.txt; rm -f b.txt; exit 3\n      exit 3, ")
      expect(log).toContain(`M ${scene.path("a.txt")}`)
      expect(log).toContain(`D ${scene.path("b.txt")}`)
      const { checkpoints } = await json(scene, "checkpoint", "list")
      expect(checkpoints.map(({ turn }: { turn: number }) => turn)).toContain(2)
      expect(await ok(scene, "checkpoint", "diff")).toContain("+more")
      const asked = await scene.run(["checkpoint", "restore"])
      expect([asked.code, asked.out]).toEqual([2, expect.stringContaining(scene.path("b.txt"))])
      expect(existsSync(scene.path("b.txt"))).toBe(false)
      await ok(scene, "checkpoint", "restore", "--yes")
      expect(existsSync(scene.path("b.txt"))).toBe(true)
      expect(readFileSync(scene.path("a.txt"), "utf8")).not.toContain("more")
      await ok(scene, "redo", "--yes")
      expect(existsSync(scene.path("b.txt"))).toBe(false)
      writeFileSync(scene.path("a.txt"), "somebody else's\n")
      const torn = await scene.run(["undo", "--yes"])
      expect([torn.code, torn.err]).toEqual([1, expect.stringContaining(scene.path("a.txt"))])
      expect(readFileSync(scene.path("a.txt"), "utf8")).toBe("somebody else's\n")
      await ok(scene, "undo", "--yes", "--on-conflict", "skip")
      expect(existsSync(scene.path("b.txt"))).toBe(true)
    },
    HANG_MS,
  )

  test(
    "count what they used",
    async () => {
      using talk = talking(HELLO)
      const { scene } = talk
      const [id = ""] = await said(talk, "one", "two")
      const all = await json(scene, "stats", "--since", "1d")
      expect([all.total.steps, all.sessions.length, all.days.length, all.models.length]).toEqual([2, 2, 1, 1])
      expect((await json(scene, "stats", "--session", id)).total.steps).toBe(1)
      expect(await ok(scene, "stats")).toMatch(/^ +steps +in +cached +out +cost +time +first +per s\nall +2 /)
      expect((await json(scene, "metrics")).turns).toMatchObject({ started: 2, outcomes: { completed: 2 } })
    },
    HANG_MS,
  )

  test(
    "are replayed as they happened",
    async () => {
      using talk = talking(write("a.txt", "new\n"), { text: "Wrote\u001b[2J it." })
      await ok(talk.scene, "-p", "write", ...YES)
      const shown = await ok(talk.scene, "session", "replay", "--last")
      expect(shown).toMatch(/^\n› write\n {2}✓ write a.txt {2}\+1 −0\n\n {2}Wrote\S+\[2J it\.\n {2}unverified .*\n$/)
      expect(shown).not.toContain("\u001b")
    },
    HANG_MS,
  )
})

describe.if(BINARY !== "" && Bun.which("tmux") !== null)("what cannot be taken back", () => {
  test(
    "is listed and asked for on the terminal, and only yes does it",
    async () => {
      using talk = talking(HELLO)
      const { scene } = talk
      const [id = ""] = await said(talk, "one")
      const asked = async (answer: string) => {
        const terminal = new Terminal(scene, ["delete", id])
        try {
          await terminal.until(/one\nRemove 1 session for good\? \[y\/N\]$/)
          terminal.type(answer)
          return await terminal.until(/exit \d+$/)
        } finally {
          terminal.close()
        }
      }
      expect(await asked("")).toMatch(/Nothing was removed\.\nexit 1$/)
      expect((await json(scene, "session", "list")).length).toBe(1)
      expect(await asked("y")).toMatch(/Deleted session ses_\S+\.\nexit 0$/)
      expect(await json(scene, "session", "list")).toEqual([])
    },
    HANG_MS,
  )
})

describeBinary("sessions in other forms", () => {
  const KEY = ["sk-ant", "api03", "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnop"].join("-")

  test(
    "are exported to read, to parse, to run again, and to give away without secrets",
    async () => {
      using talk = talking(write("a.txt", "new\n"), { text: `The key is ${KEY} <b>.` })
      const { scene } = talk
      await ok(scene, "-p", "write", ...YES)
      expect(await ok(scene, "session", "markdown", "--last")).toContain("The key is [secret: provider_key]")
      const exported = JSON.parse(await ok(scene, "session", "export", "--last", "-f", "json", "--redact"))
      expect([exported.format, JSON.stringify(exported).includes(KEY)]).toEqual(["skein-session", false])
      await ok(scene, "session", "export", "--last", "-f", "script", "-o", "again.sh")
      mkdirSync(scene.path("elsewhere"))
      expect(Bun.spawnSync(["bash", "again.sh", "elsewhere"], { cwd: scene.cwd }).exitCode).toBe(0)
      expect(scene.read("elsewhere", "a.txt")).toBe("new\n")
      const shared = await scene.run(["session", "share", "--last", "-o", "page.html"])
      expect(shared).toMatchObject({
        code: 0,
        out: `${scene.path("page.html")}\n`,
        err: expect.stringContaining("Taken out: keys of model providers (1)."),
      })
      const page = scene.read("page.html")
      expect([page.includes(KEY), page.includes("<b>."), page.startsWith("<!doctype html>")]).toEqual([
        false,
        false,
        true,
      ])
      const link = await scene.run(["session", "share", "--last", "--link"])
      expect([link.code, link.err]).toEqual([69, expect.stringContaining("A link cannot be made yet")])
    },
    HANG_MS,
  )

  test(
    "are taken over from another program, told what is lost, and gone on with; unchanged ones are passed over",
    async () => {
      using talk = talking(HELLO)
      const { scene } = talk
      const folder = join(scene.home, ".codex/sessions/2026/03/01")
      mkdirSync(folder, { recursive: true })
      const id = "01a1f952-947b-722f-95c4-d62e6a3e9300"
      const file = join(folder, `rollout-2026-03-01T10-00-00-${id}.jsonl`)
      const line = (type: string, payload: object) =>
        JSON.stringify({ timestamp: "2026-03-01T10:00:00.000Z", type, payload })
      const message = (role: string, type: string, text: string) =>
        line("response_item", { type: "message", role, content: [{ type, text }] })
      writeFileSync(
        file,
        [
          line("session_meta", {
            id,
            timestamp: "2026-03-01T10:00:00.000Z",
            cwd: scene.cwd,
            originator: "codex_cli_rs",
            cli_version: "0.1",
            source: "cli",
          }),
          message("user", "input_text", "count the sheep"),
          line("response_item", { type: "reasoning", summary: [], encrypted_content: "opaque" }),
          message("assistant", "output_text", "There are three."),
          "{ torn",
          "",
        ].join("\n"),
      )
      const first = await scene.run(["session", "import", "--from", "codex"])
      expect([first.code, first.err]).toEqual([0, "1 session imported, 0 unchanged.\n"])
      const sessionId = /imported {3}(ses_\S+) {2}codex: count the sheep/.exec(first.out)?.[1] ?? ""
      expect(first.out).toContain("lost  1 × reasoning that only its provider can read")
      expect(first.out).toContain("lost  1 line that could not be read, first 5")
      const again = await scene.run(["session", "import", file])
      expect([again.code, again.err]).toEqual([0, "0 sessions imported, 1 unchanged.\n"])
      expect(await ok(scene, "session", "list")).toContain("(from codex)")
      await ok(scene, "resume", sessionId, "and now?", "-m", "anthropic/claude-sonnet-5-5")
      expect(talk.server.conversations.at(-1)?.said.slice(-2)).toEqual(["count the sheep", "and now?"])
      expect(await ok(scene, "session", "summarize", file)).toMatch(/^format {4}codex\n[\s\S]*^damaged {3}1 malformed/m)
      const nothing = await scene.run(["session", "import", "page.html"])
      expect([nothing.code, nothing.err]).toEqual([2, expect.stringContaining("There is no file")])
    },
    HANG_MS,
  )
})

describeBinary("a session's log", () => {
  test(
    "is verified, planned, compared and summed up",
    async () => {
      using talk = talking(HELLO)
      const { scene } = talk
      const [id = ""] = await said(talk, "the canary sings")
      expect(await ok(scene, "session", "verify", id)).toMatch(/^intact: \d+ events/)
      await ok(scene, "session", "index", id)
      expect(await json(scene, "session", "resume-plan", id)).toMatchObject({
        bytesToRead: 0,
        index: { unsettled: { calls: [] } },
      })
      expect(await json(scene, "session", "resume-replay", id)).toMatchObject({ eventsFolded: 0, differing: [] })
      const state = await ok(scene, "native-session", "replay-state", id)
      expect(await ok(scene, "session", "summarize", join(scene.data, "sessions", `${id}.jsonl`))).toBe(state)
      expect(await json(scene, "session", "prompts")).toMatchObject([{ sessionId: id, text: "the canary sings" }])
      expect([state.includes("canary"), state.includes(" turn.started\n")]).toEqual([false, true])
      const seed = (await ok(scene, "session", "compact-replay-seed", id)).trim()
      expect(readFileSync(seed, "utf8")).not.toContain("canary")
      const twice = await scene.run(["session", "compact-replay-seed", id])
      expect([twice.code, twice.err]).toEqual([2, expect.stringContaining("Give another id.")])
      writeFileSync(scene.path("summary.txt"), "It sang.")
      expect(
        readFileSync((await ok(scene, "session", "compact-summary", id, "--artifact-id", "b")).trim(), "utf8"),
      ).toContain("canary")
      const made = await json(
        scene,
        "session",
        "compact-summary",
        id,
        "--artifact-id",
        "a",
        "--summary-file",
        "summary.txt",
      )
      expect([made.artifact.text, made.artifact.source]).toEqual(["It sang.", "file"])
      const dry = await json(scene, "session", "prune-compactions", id)
      expect([dry.isApplied, dry.removed.length, existsSync(dry.removed[0].file)]).toEqual([false, 1, true])
      await ok(scene, "session", "prune-compactions", id, "--apply")
      expect(existsSync(dry.removed[0].file)).toBe(false)
      await ok(scene, "delete", id, "--yes")
      expect(existsSync(seed)).toBe(false)
    },
    HANG_MS,
  )

  test(
    "can be made up, the same bytes for the same seed, and one that is damaged is told from one that is whole",
    async () => {
      using talk = talking(HELLO)
      const { scene } = talk
      for (const file of ["a.jsonl", "b.jsonl"])
        await ok(scene, "fixture", "event-log", file, "--events", "500", "--seed", "7")
      expect(scene.read("a.jsonl")).toBe(scene.read("b.jsonl"))
      expect((await json(scene, "event-log", "verify", "a.jsonl")).events).toBe(500)
      expect((await json(scene, "event-log", "benchmark", "a.jsonl", "--rounds", "1")).events).toBe(500)
      const lines = scene.read("b.jsonl").split("\n")
      writeFileSync(
        scene.path("b.jsonl"),
        [...lines.slice(0, 40), lines[40]?.replace("a", "b"), ...lines.slice(42)].join("\n"),
      )
      const damaged = await scene.run(["session", "verify", "b.jsonl"])
      expect([damaged.code, damaged.out]).toEqual([
        1,
        expect.stringMatching(/^NOT INTACT: [\s\S]*damaged {2}1 lines\n {2}line 41: /),
      ])
      const again = await scene.run(["fixture", "event-log", "a.jsonl", "--events", "5"])
      expect([again.code, again.err]).toEqual([2, expect.stringContaining("already")])
    },
    HANG_MS,
  )
})
