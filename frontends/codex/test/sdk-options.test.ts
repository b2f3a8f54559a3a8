import { afterAll, expect, setDefaultTimeout, test } from "bun:test"
import { existsSync, mkdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { Codex, type CodexOptions, type ThreadOptions, type TurnOptions } from "@openai/codex-sdk"
import { both, type Deed } from "./both.ts"

// A guard against hanging, on a machine that may be busy.
setDefaultTimeout(60_000)

/** Every option of the SDK's typings, given to the built program: what it does, or how it is refused. */
const at = both((prompt): Deed => {
  const command = /^run (.*)/.exec(prompt)?.[1]
  if (prompt === "wait") return { hang: true }
  return command === undefined ? { say: `You said: ${prompt}` } : { command }
})
const isMissing = at === undefined
afterAll(() => at?.remove())

function ours() {
  if (at === undefined) throw new Error("The programs are not there")
  const [, { program, repository, folder, env }] = at.sides
  const { CODEX_API_KEY: _, ...bare } = env
  const make = (more: CodexOptions = {}) =>
    new Codex({ codexPathOverride: program, baseUrl: at.url, apiKey: "sk-options", env: bare, ...more })
  const thread = (options: ThreadOptions = {}, more: CodexOptions = {}) =>
    make(more).startThread({ model: "gpt-5.5", workingDirectory: repository, ...options })
  return { make, thread, repository, folder, bare, last: () => JSON.parse(JSON.stringify(at.seen.at(-1))) }
}

const refusal = (run: Promise<unknown>) =>
  run.then(
    () => "it ran",
    (error: Error) => error.message,
  )

/** Throws where it does not hold. */
type Tried = () => Promise<void>

const CODEX: Record<keyof CodexOptions, Tried> = {
  async codexPathOverride() {
    expect((await ours().thread().run("hello")).finalResponse).toBe("You said: hello")
  },
  async baseUrl() {
    const message = await refusal(
      ours()
        .thread({}, { baseUrl: "http://127.0.0.1:9/v1", config: { network: { retries: 0 } } })
        .run("x"),
    )
    expect(message).not.toBe("it ran")
  },
  async apiKey() {
    const { thread, last } = ours()
    await thread({}, { apiKey: "sk-said" }).run("x")
    expect(last().key).toBe("Bearer sk-said")
  },
  async config() {
    const { thread, last } = ours()
    await thread(
      {},
      {
        config: {
          model_verbosity: "low",
          developer_instructions: 'Be brief; it\'s "late".',
          sandbox_workspace_write: { writable_roots: ["/var/tmp"], network_access: false },
          tools: { web_search: { context_size: "low", allowed_domains: ["example.org"] } },
          mcp_servers: {},
          model_context_window: 100_000,
          hide_agent_reasoning: true,
        },
      },
    ).run("x")
    expect(last().text).toMatchObject({ verbosity: "low" })
    expect(JSON.stringify(last())).toContain('Be brief; it\'s \\\\\\"late\\\\\\".'.replaceAll("\\\\\\", "\\"))
  },
  async configOverrides() {
    const { thread, last } = ours()
    await thread({}, { configOverrides: ['model_verbosity="high"'] }).run("x")
    expect(last().text).toMatchObject({ verbosity: "high" })
  },
  async env() {
    const { thread, bare, repository } = ours()
    await thread({ sandboxMode: "workspace-write" }, { env: { ...bare, LANG: "xx_YY" } }).run(
      "run echo $LANG > lang.txt",
    )
    expect(readFileSync(join(repository, "lang.txt"), "utf8")).toBe("xx_YY\n")
  },
}

const THREAD: Record<keyof ThreadOptions, Tried> = {
  async model() {
    const { thread, last } = ours()
    await thread({ model: "gpt-5.4-mini" }).run("x")
    expect(last().model).toBe("gpt-5.4-mini")
  },
  async threadSource() {
    const { items } = await ours().thread({ threadSource: "nightly" }).run("x")
    expect(items).toHaveLength(1)
  },
  async sandboxMode() {
    const { thread, repository } = ours()
    await thread({ sandboxMode: "read-only" }).run("run touch read-only.txt")
    await thread({ sandboxMode: "workspace-write" }).run("run touch workspace.txt")
    await thread({ sandboxMode: "danger-full-access" }).run("run touch full.txt")
    const made = ["read-only.txt", "workspace.txt", "full.txt"].map((name) => existsSync(join(repository, name)))
    expect(made).toEqual([false, true, true])
  },
  async workingDirectory() {
    const { thread, repository } = ours()
    mkdirSync(join(repository, "below"), { recursive: true })
    await thread({ workingDirectory: join(repository, "below"), sandboxMode: "workspace-write" }).run(
      "run pwd > here.txt",
    )
    expect(readFileSync(join(repository, "below", "here.txt"), "utf8").trim()).toBe(join(repository, "below"))
  },
  async skipGitRepoCheck() {
    const { thread, folder } = ours()
    expect(await refusal(thread({ workingDirectory: folder }).run("x"))).toContain("Not inside a trusted directory")
    expect((await thread({ workingDirectory: folder, skipGitRepoCheck: true }).run("x")).finalResponse).toBe(
      "You said: x",
    )
  },
  async modelReasoningEffort() {
    const { thread, last } = ours()
    const sent: unknown[] = []
    for (const modelReasoningEffort of [
      "minimal",
      "low",
      "medium",
      "high",
      "xhigh",
      "max",
      "ultra",
      "persistent",
    ] as const) {
      await thread({ modelReasoningEffort }).run("x")
      sent.push(last().reasoning?.effort)
    }
    // The model takes nothing below low, and what skein has no word for is asked as the highest that it has.
    expect(sent).toEqual([...["low", "low", "medium", "high", "xhigh"], ...["xhigh", "xhigh", "xhigh"]])
  },
  async networkAccessEnabled() {
    const reach = async (networkAccessEnabled: boolean) => {
      const command = `run (exec 3<>/dev/tcp/127.0.0.1/${new URL(at?.url ?? "").port}) 2>/dev/null && echo reached || echo held`
      const { items } = await ours().thread({ sandboxMode: "workspace-write", networkAccessEnabled }).run(command)
      return JSON.stringify(items)
    }
    expect(await reach(false)).not.toContain("reached\\n")
  },
  async webSearchMode() {
    const { thread, last } = ours()
    const offered = async (webSearchMode: "disabled" | "cached" | "live") => {
      await thread({ webSearchMode }).run("x")
      return JSON.stringify(last().tools).includes('"web_search"')
    }
    expect([await offered("disabled"), await offered("cached"), await offered("live")]).toEqual([false, true, true])
  },
  async webSearchEnabled() {
    const { thread, last } = ours()
    await thread({ webSearchEnabled: true }).run("x")
    expect(JSON.stringify(last().tools)).toContain('"web_search"')
  },
  async approvalPolicy() {
    const { thread } = ours()
    for (const approvalPolicy of ["never", "on-request", "on-failure"] as const)
      expect((await thread({ approvalPolicy }).run("x")).finalResponse).toBe("You said: x")
    expect(await refusal(thread({ approvalPolicy: "untrusted" }).run("x"))).toContain(
      '"untrusted" is no longer supported',
    )
  },
  async additionalDirectories() {
    const { thread, folder } = ours()
    const beside = join(folder, "beside")
    mkdirSync(beside, { recursive: true })
    await thread({ sandboxMode: "workspace-write", additionalDirectories: [beside] }).run(
      `run touch ${beside}/made.txt`,
    )
    expect(existsSync(join(beside, "made.txt"))).toBe(true)
  },
}

const TURN: Record<keyof TurnOptions, Tried> = {
  async cyberAccessProgram() {
    const { thread } = ours()
    expect((await thread().run("x", { cyberAccessProgram: "standard" })).finalResponse).toBe("You said: x")
    expect(await refusal(thread().run("x", { cyberAccessProgram: "daybreak_blue" }))).toContain("not available")
  },
  async outputSchema() {
    const { thread, last } = ours()
    const schema = { type: "object", properties: {}, required: [], additionalProperties: false }
    await refusal(thread().run("x", { outputSchema: schema }))
    expect(last().text.format).toMatchObject({ name: "codex_output_schema", strict: true, schema })
  },
  async signal() {
    const stop = new AbortController()
    const { events } = await ours().thread().runStreamed("wait", { signal: stop.signal })
    const running = (async () => {
      for await (const event of events) if (event.type === "turn.started") stop.abort()
    })()
    expect(
      await running.then(
        () => "it ran",
        (error: Error) => error.name,
      ),
    ).toBe("AbortError")
  },
}

for (const [of, options] of Object.entries({ Codex: CODEX, thread: THREAD, turn: TURN })) {
  for (const [name, tried] of Object.entries(options)) {
    test.skipIf(isMissing)(`the SDK's ${of} option ${name} does what it says, or is refused by name`, tried)
  }
}

test.skipIf(isMissing)("every option of the typings has a test here", () => {
  const types = readFileSync(join(dirname(Bun.resolveSync("@openai/codex-sdk", import.meta.dir)), "index.d.ts"), "utf8")
  const keysOf = (name: string) => {
    const body = new RegExp(`type ${name} = \\{([\\s\\S]*?)\\n\\};`).exec(types)?.[1] ?? ""
    return [...body.matchAll(/^ {4}(\w+)\?:/gm)].map(([, key = ""]) => key).sort()
  }

  expect(keysOf("CodexOptions")).toEqual(Object.keys(CODEX).sort())
  expect(keysOf("ThreadOptions")).toEqual(Object.keys(THREAD).sort())
  expect(keysOf("TurnOptions")).toEqual(Object.keys(TURN).sort())
})
