import { expect, setDefaultTimeout, test } from "bun:test"
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { attack, bash, type Call, WHO } from "../ground/attack.ts"
import { BINARY, describeBinary } from "../ground/binary.ts"
import { HOSTILE_SETUP, hostileRepository } from "../ground/hostile.ts"
import { SEATS } from "../ground/person.ts"
import { Scene } from "../ground/scene.ts"
import { faultServer } from "../ground/server.ts"
import { talking } from "../ground/talking.ts"

// A hang guard: an attack takes a second or two, on a machine that does much else far more.
setDefaultTimeout(120_000)

const HANG_MS = 60_000
const LOOK: readonly Call[] = [
  bash("echo done"),
  { name: "grep", args: { pattern: "needle" } },
  { name: "glob", args: { pattern: "**/*.ts" } },
  { name: "read", args: { path: "hay.ts" } },
  { name: "write", args: { path: "hay.ts", content: "// needle too\n" } },
]
const POISONED = ".:node_modules/.bin:/usr/bin:/bin:/usr/sbin:/sbin"

/** Their own server, where nothing may ask for anything. */
function theirServer() {
  const server = faultServer(async (_, answer) => {
    await answer.head(500)
    await answer.end()
  })
  return { ...server, [Symbol.dispose]: () => server.stop() }
}

function planted(scene: Scene, theirs: string): void {
  for (const [path, text] of Object.entries(hostileRepository(theirs))) {
    mkdirSync(dirname(scene.path(path)), { recursive: true })
    writeFileSync(scene.path(path), text)
  }
  Bun.spawnSync(["/bin/sh", "-c", HOSTILE_SETUP], { cwd: scene.cwd, env: scene.env })
}

const marks = (root: string) => readdirSync(root).filter((name) => name.startsWith("pwned"))

for (const who of WHO) {
  describeBinary(`a hostile repository, as ${who}`, () => {
    for (const [how, args] of Object.entries({
      unasked: [],
      trusted: ["--trust"],
      "with every call allowed": ["--mode", "full"],
    })) {
      test(
        `D23: runs nothing, redirects nothing and is not written to beside what the model asked for, ${how}`,
        async () => {
          using theirs = theirServer()
          using ran = await attack({
            ...{ who, args: [...args, "--yes"], env: { PATH: POISONED } },
            ...{ files: prefixed(hostileRepository(theirs.url)), setup: HOSTILE_SETUP, steps: () => [LOOK] },
          })
          expect(ran.changed).toEqual(["~ project/hay.ts"])
          expect(theirs.requests).toEqual([])
          expect(ran.results).toHaveLength(LOOK.length)
        },
        HANG_MS,
      )
    }
  })
}

function prefixed(files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`project/${path}`, text]))
}

describeBinary("a hostile repository", () => {
  test(
    "would run when git or bun went by it, so the above says something",
    () => {
      const scene = new Scene()
      try {
        planted(scene, "http://127.0.0.1:9")
        const run = (words: readonly string[], cwd: string) =>
          Bun.spawnSync([...words], { cwd, env: { ...scene.env, GIT_PAGER_IN_USE: "1" } })
        for (const folder of [".", "vendor/nested", "vendor/bare"])
          run(["/usr/bin/git", "--no-optional-locks", "st"], scene.path(folder))
        run([process.execPath, "hay.ts"], scene.cwd)
        expect(marks(scene.root)).toEqual(
          expect.arrayContaining(["pwned-alias", "pwned-nested-alias", "pwned-bare-alias", "pwned-preload"]),
        )
      } finally {
        scene.remove()
      }
    },
    HANG_MS,
  )

  test(
    "starts no process and asks nobody, whatever is looked at",
    async () => {
      using theirs = theirServer()
      const scene = new Scene({ PATH: POISONED, ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: "http://127.0.0.1:9" })
      try {
        planted(scene, theirs.url)
        const looks = [
          ["config", "show", "--origin"],
          ["context"],
          ["models", "claude"],
          ["session", "list"],
          ["trust"],
          ["trust", "items"],
          ["trust", "accept", "--yes"],
          ["trust", "refuse"],
          ["hooks"],
          ["hooks", "test", "SessionStart"],
          ["audit", "query"],
          ["stats"],
          ["help"],
          ["completion", "bash"],
          ["-p", "hi", "-c", "network.retries=0"],
        ]
        for (const args of looks) expect([args, await startedBy(scene, args)]).toEqual([args, []])
        expect([marks(scene.root), theirs.requests]).toEqual([[], []])
      } finally {
        scene.remove()
      }
    },
    HANG_MS,
  )

  test("is listed item by item, each with its hash, and none that git or an agent would go by is missing", async () => {
    const scene = new Scene()
    try {
      planted(scene, "http://evil.test")
      const items: { name: string; sha256: string; isBound: boolean }[] = JSON.parse(
        (await scene.run(["trust", "items", "--json"])).out,
      )
      const files = new Set(items.map(({ name }) => name.split("#")[0]))
      const wanted = Object.keys(hostileRepository("")).filter((path) =>
        /^\.(mcp|cursor|vscode|claude|codex|gemini|env|npmrc|yarnrc|git\/(config|hooks))|^bunfig|^package\.json|^opencode|^\.skein\/(hooks|plugins|skills|mcp|config)/.test(
          path,
        ),
      )
      expect(wanted.filter((path) => !files.has(path))).toEqual([])
      expect([files.has("vendor/nested"), files.has("vendor/bare")]).toEqual([true, true])
      expect(items.every(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256))).toBe(true)
    } finally {
      scene.remove()
    }
  })

  test("T38: laid out as a bare repository it runs nothing either", async () => {
    using talk = talking({ calls: LOOK }, { text: "Done." })
    const { scene } = talk
    for (const [path, text] of Object.entries(hostileRepository("http://evil.test"))) {
      if (!path.startsWith("vendor/bare/")) continue
      mkdirSync(dirname(scene.path(path.slice("vendor/bare/".length))), { recursive: true })
      writeFileSync(scene.path(path.slice("vendor/bare/".length)), text)
    }
    writeFileSync(scene.path("hay.ts"), "// needle\n")
    Bun.spawnSync(["/bin/sh", "-c", HOSTILE_SETUP], { cwd: scene.cwd, env: scene.env })
    expect((await scene.run(["-p", "look", "--yes"])).out).toBe("Done.\n")
    expect(marks(scene.root)).toEqual([])
    expect((await scene.run(["trust", "items"])).out).toContain("config#core.fsmonitor")
  })

  test("T39b: no session, goal or decision that it brings along is taken for the person's, and no state is written through its links", async () => {
    using talk = talking({ text: "Hello there." })
    const { scene } = talk
    const outside = join(scene.root, "outside")
    mkdirSync(join(outside, "sessions"), { recursive: true })
    symlinkSync(outside, scene.path(".skein"))
    const first = await scene.run(["-p", "remember the goal"])
    const log = scene.files(join(scene.data, "sessions")).find((path) => /ses_[\w-]+\.jsonl$/.test(path)) ?? ""
    writeFileSync(join(outside, "sessions/ses_evil.jsonl"), readFileSync(log))
    writeFileSync(join(outside, "goal"), "evil")
    writeFileSync(
      join(outside, "trust.json"),
      JSON.stringify({ v: 1, folders: { [scene.cwd]: { decision: "trusted", at: 1, items: [] } } }),
    )
    const before = readdirSync(outside, { recursive: true }).toSorted()
    expect(first.code).toBe(0)
    expect((await scene.run(["session", "list", "--json"])).out).not.toContain("evil")
    expect((await scene.run(["resume", "ses_evil", "hi"])).code).not.toBe(0)
    await scene.run(["-p", "hi"])
    expect(JSON.stringify(talk.server.conversations.at(-1))).not.toContain("evil")
    expect(readdirSync(outside, { recursive: true }).toSorted()).toEqual(before)
  })

  test("shows the model every character of its instruction files that a person would not see, no comment in them, and nothing outside of it", async () => {
    using theirs = theirServer()
    using talk = talking({ text: "Hello there." })
    mkdirSync(join(talk.scene.root, "outside"))
    writeFileSync(join(talk.scene.root, "outside/victim"), "precious")
    planted(talk.scene, theirs.url)
    await talk.scene.run(["-p", "hi"])
    const sent = talk.server.requests.map(({ text }) => text).join("\n")
    expect(sent).toContain("Be kind.\\\\u{202e}\\\\u{200b}\\n")
    expect(sent).not.toMatch(/[\u{202e}\u{200b}]|precious|pwned-words/u)
    // What is left out is said where it was: to the model, in the session's log, and to the person who asks.
    expect(sent).toContain("AGENTS.md (for this project; without its comments, line 1)")
    expect((await talk.scene.run(["context"])).out).toMatch(
      /^not read: \S+AGENTS\.md: its comments, which a rendered page does not show \(line 1\)$/m,
    )
  })
})

for (const [way, sit] of Object.entries(SEATS)) {
  describeBinary(`a hostile repository, on ${way}`, () => {
    for (const answer of ["y", "n"] as const) {
      test(
        `runs nothing before it is asked about, and nothing after the answer ${answer}`,
        async () => {
          using theirs = theirServer()
          using talk = talking({ text: "Hello there." })
          planted(talk.scene, theirs.url)
          const person = sit(talk.scene)
          try {
            const asked = await person.asked()
            expect(asked).toMatch(/Trust exactly these \d+\?/)
            expect(asked).not.toContain("\u{202e}")
            expect([marks(talk.scene.root), theirs.requests, talk.server.requests.length]).toEqual([[], [], 0])
            await person.answer(answer)
            await person.until(answer === "y" ? /Trusted\./ : /Refused: /)
            await person.ready()
            await person.say("hi")
            await person.until(/Hello there\./)
            await person.ready()
            expect([marks(talk.scene.root), theirs.requests]).toEqual([[], []])
            expect(JSON.stringify(talk.server.conversations.at(-1)).includes("Be kind.")).toBe(answer === "y")
          } finally {
            await person.close()
          }
        },
        HANG_MS,
      )
    }
  })
}

/** Programs that a run started, by the calls of the kernel; none where those cannot be watched, and then the marks tell. */
async function startedBy(scene: Scene, args: readonly string[]): Promise<readonly string[]> {
  const strace = Bun.which("strace", { PATH: "/usr/bin:/bin" })
  if (strace === null) {
    await scene.run(args)
    return []
  }
  const log = join(scene.temporary, "execs")
  const child = Bun.spawn([strace, "-f", "-qq", "-e", "trace=execve,execveat", "-o", log, BINARY, ...args], {
    ...{ cwd: scene.cwd, env: scene.env, stdin: "ignore", stdout: "ignore", stderr: "ignore" },
  })
  await child.exited
  const lines = readFileSync(log, "utf8").split("\n")
  return lines.filter((line) => line.includes("exec") && !line.includes(`execve("${BINARY}"`))
}
