import { afterAll, expect, setDefaultTimeout, test } from "bun:test"
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { both, type Deed, exec, lines, type Side, threadOf } from "./both.ts"

// A guard against hanging, on a machine that may be busy.
setDefaultTimeout(60_000)

/** Threads and settings that Codex's own program wrote, gone on with by ours. */
const at = both((prompt): Deed => {
  const command = /^run (.*)/.exec(prompt)?.[1]
  return command === undefined ? { say: `You said: ${prompt}` } : { command }
})
const isMissing = at === undefined
afterAll(() => at?.remove())

/** Both, ours in the home of Codex's. */
function sides() {
  if (at === undefined) throw new Error("Codex's program is not there")
  const [codex, skein] = at.sides
  const guest: Side = {
    ...skein,
    repository: codex.repository,
    env: { ...skein.env, CODEX_HOME: codex.env.CODEX_HOME ?? "" },
  }
  return { codex, skein: guest, url: at.url, home: codex.env.CODEX_HOME ?? "" }
}

function rollout(home: string, id: string): string {
  const [file = ""] = [...new Bun.Glob(`sessions/*/*/*/rollout-*-${id}.jsonl`).scanSync({ cwd: home, absolute: true })]
  return file
}

test.skipIf(isMissing)(
  "a thread that Codex wrote is gone on with under its own id, and its counts go on too",
  async () => {
    const { codex, skein, url, home } = sides()
    const first = await exec(codex, url, ["--json", "-s", "workspace-write", "run echo one"])
    const id = threadOf(first)
    const bytes = readFileSync(rollout(home, id))
    const second = await exec(skein, url, ["--json", "resume", id, "two"])
    const third = await exec(skein, url, ["--json", "resume", id, "three"])

    expect([second.code, third.code]).toEqual([0, 0])
    expect([threadOf(second), threadOf(third)]).toEqual([id, id])
    expect(lines(skein, second.out).at(-1)).toMatchObject({ usage: { input_tokens: 300, output_tokens: 90 } })
    expect(lines(skein, third.out).at(-1)).toMatchObject({ usage: { input_tokens: 400 } })
    expect(readFileSync(rollout(home, id)).equals(bytes)).toBe(true)
  },
)

test.skipIf(isMissing)(
  "what Codex said since is there at the next resume, and what skein said meanwhile stays",
  async () => {
    const { codex, skein, url } = sides()
    const id = threadOf(await exec(codex, url, ["--json", "begun"]))
    await exec(skein, url, ["--json", "resume", id, "by skein"])
    await exec(codex, url, ["--json", "resume", id, "by Codex"])
    const last = await exec(skein, url, ["--json", "resume", id, "again"])

    expect(last.err).toMatch(/Codex has gone on with this thread: what skein made of it earlier stays, as ses_codex-/)
    expect(threadOf(last)).toBe(id)
    expect(lines(skein, last.out).at(-1)).toMatchObject({ usage: { input_tokens: 300 } })
  },
)

test.skipIf(isMissing)(
  "a thread is found by the name that Codex keeps, the newest of several, and forked from",
  async () => {
    const { codex, skein, url, home } = sides()
    const [older, newer] = [
      threadOf(await exec(codex, url, ["--json", "older"])),
      threadOf(await exec(codex, url, ["--json", "newer"])),
    ]
    const row = (id: string, thread_name: string, updated_at: string) =>
      `${JSON.stringify({ id, thread_name, updated_at })}\n`
    writeFileSync(
      join(home, "session_index.jsonl"),
      `${row(newer, "before", "2026-01-01T00:00:00Z")}not json\n${row(newer, "named", "2026-01-03T00:00:00Z")}${row(older, "named", "2026-01-02T00:00:00Z")}`,
    )
    const named = await exec(skein, url, ["--json", "resume", "named", "go on"])
    const forked = await exec(skein, url, ["--json", "fork", older, "another way"])

    expect(threadOf(named)).toBe(newer)
    expect((await exec(skein, url, ["resume", "before", "go on"])).code).toBe(1)
    expect(threadOf(forked)).not.toBe(older)
    expect(lines(skein, forked.out).at(-1)).toMatchObject({ usage: { input_tokens: 200 } })
  },
)

test.skipIf(isMissing)("lines that are torn or no JSON stay out, and are counted", async () => {
  const { codex, skein, url, home } = sides()
  const id = threadOf(await exec(codex, url, ["--json", "begun"]))
  appendFileSync(rollout(home, id), 'no json\n\n{"type":"something_new","payload":{"type":"x"}}\n{"timestamp":"2026-')
  const { code, err, out } = await exec(skein, url, ["--json", "resume", id, "two"])

  expect(code).toBe(0)
  expect(err).toMatch(/note {4}2 lines of \S+ could not be read and stayed out\./)
  expect(lines(skein, out).at(-1)).toMatchObject({ usage: { input_tokens: 200 } })
})

test.skipIf(isMissing)(
  "config.toml of Codex's home says the model, the sandbox and the instructions, below what is said here",
  async () => {
    const { skein, url } = sides()
    const home = join(skein.folder, "configured")
    mkdirSync(home, { recursive: true })
    writeFileSync(
      join(home, "config.toml"),
      [
        'model = "from-file"',
        'model_provider = "mine"',
        'developer_instructions = "Speak as a pirate."',
        'shell_environment_policy = { inherit = "core" }',
        "[model_providers.mine]",
        `base_url = "${url}"`,
        'env_key = "CODEX_API_KEY"',
        `[projects."${skein.repository}"]`,
        'trust_level = "trusted"',
        "[profiles.other]",
        'model = "from-profile"',
      ].join("\n"),
    )
    const header = async (...args: string[]) => {
      const child = Bun.spawn([skein.program, "exec", ...args, "hello"], {
        ...{ cwd: skein.repository, stdin: "ignore", stdout: "pipe", stderr: "pipe" },
        env: { ...skein.env, CODEX_HOME: home },
      })
      const err = await new Response(child.stderr).text()
      expect([await child.exited, err.includes("You said: hello") ? "answered" : err]).toEqual([0, "answered"])
      return Object.fromEntries(
        [...err.matchAll(/^(model|provider|sandbox|warning): (.*)$/gm)].map(([, key, value]) => [key, value]),
      )
    }

    expect(await header()).toEqual({
      ...{ model: "from-file", provider: "mine", sandbox: "workspace-write" },
      warning: expect.stringMatching(/^Not followed of .*config\.toml: shell_environment_policy\.$/),
    })
    expect(await header("-s", "read-only")).toMatchObject({ model: "from-file", sandbox: "read-only" })
    expect(await header("-m", "from-flag")).toMatchObject({ model: "from-flag", provider: "mine" })
    expect(await header("-p", "other")).toMatchObject({ model: "from-profile", provider: "mine" })
    expect(JSON.stringify(at?.seen.at(-1))).toContain("Speak as a pirate.")
    expect(existsSync(join(home, "sessions"))).toBe(false)
  },
)

test.skipIf(isMissing)(
  "a config.toml that cannot be read ends it, and --ignore-user-config passes it over",
  async () => {
    const { skein, url } = sides()
    const home = join(skein.folder, "broken")
    mkdirSync(home, { recursive: true })
    writeFileSync(join(home, "config.toml"), "model = ")
    const broken: Side = { ...skein, env: { ...skein.env, CODEX_HOME: home } }

    expect(await exec(broken, url, ["hello"])).toMatchObject({ code: 1, err: expect.stringContaining("Error loading") })
    expect(await exec(broken, url, ["--ignore-user-config", "hello"])).toMatchObject({ code: 0 })
  },
)
