import { afterAll, beforeAll, expect, test } from "bun:test"
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describeBinary } from "./ground/binary.ts"
import { type Asked, type ModelServer, modelServer } from "./ground/model.ts"
import { Scene } from "./ground/scene.ts"
import { anthropic } from "./ground/wire-anthropic.ts"

const SOLVED = `awk -F, -v c="$2" 'NR > 1 { t += $c } END { print t + 0 }' "$1"\n`
/** By a command: the tool that writes wants to have read what is there. */
const write = (path: string, content: string) => ({
  calls: [{ name: "bash", args: { command: `cat > ${path} <<'END'\n${content}END` } }],
})

let server: ModelServer
let scene: Scene
/** What the model does when it is asked for the first time in a task. */
let first: (asked: Asked) => Parameters<Asked["say"]>[0]

beforeAll(() => {
  server = modelServer(anthropic, (asked) =>
    asked.say(asked.conversation.results.length === 0 ? first(asked) : { text: "Done." }),
  )
  scene = new Scene(anthropic.env(server.url))
})
afterAll(() => {
  server?.stop()
  scene?.remove()
})

interface Report {
  readonly models: readonly {
    readonly model: string
    readonly passed: number
    readonly usd: number | null
    readonly results: readonly {
      readonly task: string
      readonly passed: boolean
      readonly outcome: string
      readonly steps: number
    }[]
  }[]
}

async function benchmark(...args: readonly string[]): Promise<Report> {
  const { code, out, err } = await scene.run(["benchmark", "--json", ...args])
  expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" })
  return JSON.parse(out)
}

describeBinary("skein benchmark", () => {
  test("does tasks with models in folders that are gone afterwards, and says what passed, in how many steps, for what", async () => {
    const before = readdirSync(scene.temporary).filter((name) => name.startsWith("skein-benchmark"))
    first = ({ conversation }) =>
      conversation.said.at(-1)?.includes("wrong sums") === true ? write("lib/sum.sh", SOLVED) : { text: "I cannot." }
    const names = "anthropic/claude-sonnet-5-5,anthropic:claude-haiku-4-5"
    const file = scene.path("results.json")
    const report = await benchmark("-m", names, "--tier", "1", "--parallel", "2", "-o", file)

    expect(report.models.map(({ model, passed }) => [model, passed])).toEqual([
      ["anthropic/claude-sonnet-5-5", 1],
      ["anthropic/claude-haiku-4-5", 1],
    ])
    expect(
      report.models[0]?.results.map(({ task, passed, outcome, steps }) => [task, passed, outcome, steps]).toSorted(),
    ).toEqual([
      ["sum-column", true, "completed", 2],
      ["trim-lines", false, "completed", 1],
    ])
    expect(report.models[0]?.usd).toBeGreaterThan(0)
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(report)
    expect(readdirSync(scene.temporary).filter((name) => name.startsWith("skein-benchmark"))).toEqual(before)
    expect((await scene.run(["session", "list", "--json", "--all"])).out).not.toContain("wrong sums")
  }, 60_000)

  test("begins nothing more when the ceiling is reached", async () => {
    first = () => ({ text: "No." })
    const asked = server.requests.length
    const report = await benchmark(
      "--cost-ceiling",
      "0.0001",
      "--task",
      "roman",
      "--task",
      "sum-column",
      "--task",
      "trim-lines",
    )
    const outcomes = report.models[0]?.results.map(({ outcome }) => outcome) ?? []

    expect(outcomes.filter((outcome) => outcome === "not run: the ceiling of $0.0001 is reached").length).toBe(2)
    expect(server.requests.length).toBe(asked + 1)
  }, 60_000)

  test("sends its results only where it is told to, once, without following a redirect, and says what became of it", async () => {
    first = () => ({ text: "No." })
    const came: { readonly path: string; readonly body: unknown }[] = []
    const board = Bun.serve({
      ...{ hostname: "127.0.0.1", port: 0 },
      async fetch(request) {
        const { pathname: path } = new URL(request.url)
        came.push({ path, body: await request.json() })
        return path === "/moved" ? Response.redirect("/results", 307) : new Response("thanks")
      },
    })
    const url = `http://127.0.0.1:${board.port}`
    const sent = (to: string) => scene.run(["benchmark", "--json", "--task", "trim-lines", "--submit-url", to])
    try {
      const taken = await sent(`${url}/results`)
      expect([taken.code, taken.err]).toEqual([0, expect.stringContaining(`The results were sent to 127.0.0.1:`)])
      expect(came).toEqual([{ path: "/results", body: JSON.parse(taken.out) }])
      expect((await scene.run(["egress", "--json"])).out).toContain(`"benchmark"`)

      const moved = await sent(`${url}/moved`)
      expect([moved.code, moved.err]).toEqual([
        1,
        expect.stringContaining("sent them elsewhere, which is not followed"),
      ])
      expect(came.map(({ path }) => path)).toEqual(["/results", "/moved"])

      const asked = server.requests.length
      for (const bad of ["http://board.test/", "https://a:b@board.test/", "board"]) {
        expect(await sent(bad)).toMatchObject({ code: 2, err: expect.stringContaining("--submit-url takes an https") })
      }
      expect(server.requests.length).toBe(asked)
    } finally {
      await board.stop(true)
    }
  }, 60_000)

  test("takes tasks of a folder, and puts their tests back before it looks", async () => {
    const task = scene.path("suite", "hello")
    mkdirSync(join(task, "tests"), { recursive: true })
    writeFileSync(join(task, "prompt.md"), "Write hello.txt that holds hello.")
    writeFileSync(join(task, "task.json"), JSON.stringify({ check: "sh check.sh", tier: 1 }))
    writeFileSync(join(task, "tests", "check.sh"), "grep -qx hello hello.txt\n")
    first = () => write("check.sh", "exit 0\n")
    expect((await benchmark("--suite", "suite")).models[0]?.passed).toBe(0)
    first = () => write("hello.txt", "hello\n")
    expect((await benchmark("--suite", "suite")).models[0]?.passed).toBe(1)
  }, 60_000)

  test("replays commits of the repository it is called in, scored by the tests they brought, and touches nothing of it", async () => {
    const git = (...args: readonly string[]) => {
      const ran = Bun.spawnSync(["git", "-c", "user.name=a", "-c", "user.email=a@b", ...args], {
        cwd: scene.cwd,
        env: scene.env,
      })
      if (ran.exitCode !== 0) throw new Error(ran.stderr.toString())
      return ran.stdout.toString()
    }
    git("init", "-q")
    writeFileSync(scene.path("lib.sh"), "echo one\n")
    mkdirSync(scene.path("test"))
    writeFileSync(scene.path("test", "run.sh"), '[ "$(sh lib.sh)" = one ]\n')
    git("add", "lib.sh", "test")
    git("commit", "-qm", "begin")
    writeFileSync(scene.path("lib.sh"), "echo two\n")
    writeFileSync(scene.path("test", "run.sh"), '[ "$(sh lib.sh)" = two ]\n')
    git("commit", "-qam", "feat: say two instead of one")
    writeFileSync(scene.path("lib.sh"), "echo mine, not committed\n")
    const state = () => [
      git("status", "--porcelain"),
      git("rev-parse", "HEAD"),
      git("ls-files", "-s"),
      existsSync(scene.path(".git/worktrees")),
    ]
    const before = state()

    first = ({ conversation }) => {
      expect(conversation.said.join("\n")).toContain("feat: say two instead of one")
      return write("lib.sh", "echo two\n")
    }
    const done = await benchmark("--repo", "--check", "sh test/run.sh")
    expect(done.models[0]?.results).toMatchObject([{ passed: true, outcome: "completed", steps: 2 }])
    first = () => write("test/run.sh", "exit 0\n")
    expect((await benchmark("--repo", "--check", "sh test/run.sh")).models[0]?.results).toMatchObject([
      { passed: false },
    ])
    expect(state()).toEqual(before)

    const blind = await scene.run(["benchmark", "--repo", "--check", "true"])
    expect(blind.err).toContain("the check passes without anything being done")
    expect(blind.code).toBe(2)
  }, 120_000)
})
