import { afterAll, beforeAll, expect, test } from "bun:test"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { compose, type Host, type HostRequest } from "../src/index.ts"

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "skein-host-"))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

let homes = 0
const KEYS = { ANTHROPIC_API_KEY: "sk-a", OPENAI_API_KEY: "sk-o" }

/** A host of its own home, and folders that are repositories with this configuration. */
async function hosted(
  given: {
    user?: string
    files?: Record<string, string>
    projects?: Record<string, string>
    request?: Partial<HostRequest>
  },
  use: (host: Host, at: (name: string) => string) => Promise<void> | void,
): Promise<void> {
  const home = join(root, `home-${++homes}`)
  const at = (name: string) => join(home, "code", name)
  for (const name of ["one", "two", ...Object.keys(given.projects ?? {})]) write(join(at(name), ".git", "HEAD"), "")
  for (const [name, toml] of Object.entries(given.projects ?? {})) write(join(at(name), ".skein", "config.toml"), toml)
  if (given.user !== undefined) write(join(home, "skein", "config", "config.toml"), given.user)
  for (const [path, text] of Object.entries(given.files ?? {})) write(join(home, path), text)
  const { env = KEYS, ...request } = given.request ?? {}
  const skeinHome = { SKEIN_HOME: join(home, "skein") }
  const host = compose({ cwd: at("one"), home, version: "0.0.0", ...request, env: { ...skeinHome, ...env } })
  try {
    await use(host, at)
  } finally {
    await host.close()
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text, { mode: 0o600 })
}

async function settingsIn({ engine }: Host, cwd: string) {
  const receipt = await engine.submit({ type: "session.create", cwd })
  if (receipt.status === "rejected") return receipt.code
  return (await engine.ask({ type: "session.read", sessionId: receipt.sessionId })).settings
}

test("each session has what its own project narrows, and nothing of the folder the host was started in", async () => {
  const projects = {
    one: 'sandbox = "read-only"\n[instructions]\nfiles = ["one.md"]',
    two: 'mode = "plan"\n[limits]\nsteps = 3\n[instructions]\nfiles = ["two.md"]',
  }
  await hosted({ projects }, async (host, at) => {
    write(at("one/one.md"), "Only of one.")
    write(at("two/two.md"), "Only of two.")

    expect(await settingsIn(host, at("one"))).toMatchObject({ mode: "ask", sandbox: "read-only", limits: {} })
    expect(await settingsIn(host, at("two"))).toMatchObject({
      ...{ mode: "plan", sandbox: "workspace-write", limits: { stepsMax: 3 } },
    })
    const two = host.sources.report({ cwd: at("two"), roots: [at("two")] }).sections.map(({ text }) => text)
    expect(two.join("\n")).toContain("Only of two.")
    expect(two.join("\n")).not.toContain("Only of one.")
  })
})

test("a folder with a broken configuration takes no session, and the others go on", async () => {
  await hosted({ projects: { two: "mode = " } }, async (host, at) => {
    expect(await settingsIn(host, at("two"))).toBe("config.invalid")
    expect(await settingsIn(host, at("one"))).toMatchObject({ mode: "ask" })
  })
})

test("a project chooses among the models of the person's provider, and no other provider", async () => {
  const projects = { one: 'model = "openai/gpt-5"', two: 'model = "opus"' }
  const ignored = "a project may choose no other provider, and anthropic/claude-haiku-4-5 holds."
  await hosted({ projects, user: 'model = "anthropic/claude-haiku-4-5"' }, async (host, at) => {
    expect(await settingsIn(host, at("one"))).toMatchObject({ model: "anthropic/claude-haiku-4-5" })
    expect(await settingsIn(host, at("two"))).toMatchObject({ model: "anthropic/claude-opus-5-5" })
    expect(readFileSync(join(host.directories.data, "log", "skein.log"), "utf8")).toContain(ignored)
  })
  await hosted({ projects }, async (host, at) => {
    expect(await settingsIn(host, at("one"))).toMatchObject({ model: "anthropic/claude-sonnet-5-5" })
  })
  await hosted({ projects, request: { env: { OPENAI_API_KEY: "sk-o" } } }, async (host, at) => {
    expect(await settingsIn(host, at("one"))).toMatchObject({ model: "openai/gpt-5" })
  })
})

test("a key file is for the provider of the model, by whatever name the person called it", async () => {
  const apiKeyFile = join(root, "key")
  write(apiKeyFile, "sk-file")
  const request = { env: {}, apiKeyFile, flags: { model: "sonnet" } }
  await hosted({ request }, async (host) => {
    expect(host.models.describe("anthropic/claude-opus-5").isReady).toBe(true)
    expect(host.keySources.get("anthropic")).toBe(`key file ${apiKeyFile}`)
    await host.models.learn("openai/gpt-5")
    expect(() => host.models.describe("openai/gpt-5")).toThrow("No key for OpenAI")
  })
})

test("a key file that others may read is told in the log, once", async () => {
  const apiKeyFile = join(root, "open-key")
  writeFileSync(apiKeyFile, "sk-file", { mode: 0o644 })
  await hosted({ request: { env: {}, apiKeyFile, flags: { model: "opus" } } }, (host) => {
    for (let i = 0; i < 3; i++) host.models.describe("opus")
    const lines = readFileSync(join(host.directories.data, "log", "skein.log"), "utf8")
      .trim()
      .split("\n")
    expect(lines.map((line) => JSON.parse(line).text)).toEqual([
      `The key file ${apiKeyFile} can be read by others (mode 644). Run: chmod 600 ${apiKeyFile}`,
    ])
  })
})

test("a key file is not for the provider that a project names", async () => {
  const apiKeyFile = join(root, "own-key")
  write(apiKeyFile, "sk-file")
  const projects = { one: 'model = "openrouter/x/y"' }
  await hosted({ projects, request: { env: {}, apiKeyFile } }, (host) => {
    expect(() => host.models.describe("openrouter/x/y")).toThrow("name a model with --model")
  })
})

test("a key that cannot be sent is told when a model is asked for, and not before", async () => {
  await hosted({ request: { env: { ANTHROPIC_API_KEY: "sk-a\nsk-b" } } }, async (host) => {
    expect(await host.engine.ask({ type: "sessions.list" })).toEqual([])
    expect(() => host.settings).toThrow("environment variable ANTHROPIC_API_KEY cannot be sent")
  })
})

test("the user's own file is not read when it is to be ignored, whatever else lies there", async () => {
  const files = { "skein/config/ignored/config.toml": 'mode = "full"' }
  await hosted({ user: 'mode = "full"', files, request: { isIgnoringUserConfig: true } }, (host) => {
    expect(host.settings.mode).toBe("ask")
  })
})

test("an ephemeral host leaves no session in the data folder", async () => {
  await hosted({ request: { isEphemeral: true } }, async (host, at) => {
    expect(await settingsIn(host, at("one"))).toMatchObject({ mode: "ask" })
    expect(await host.engine.ask({ type: "sessions.list" })).toHaveLength(1)
    await host.close()
    expect(existsSync(join(host.directories.data, "sessions"))).toBe(false)
  })
})

test("a host whose commands run without a sandbox says so, loudly", async () => {
  await hosted({ request: { consent: "no-sandbox" } }, ({ warnings }) => {
    expect(warnings.join()).toContain("WITHOUT A SANDBOX")
  })
  const user = 'sandbox = "full-access"\n'
  await hosted({ user }, ({ warnings }) => expect(warnings.join()).toContain("WITHOUT A SANDBOX"))
  await hosted({ user, request: { consent: "no-sandbox" } }, ({ warnings }) => expect(warnings).toHaveLength(1))
  await hosted({}, ({ warnings }) => expect(warnings).toEqual([]))
})

test("a header that a person configured, and the password of a proxy, are secrets everywhere", async () => {
  const user =
    '[network]\nproxy = "http://me:proxy-canary-1@proxy.example:1"\n[providers.openai.headers]\nx-team = "team-canary-1"\n'
  await hosted({ user }, (host) => {
    expect(host.redact("team-canary-1 proxy-canary-1")).toBe("[secret: x-team] [secret: proxy]")
  })
})

test("the places that could be reached are those of all rules: kept ones and those of this run too", async () => {
  const rules = [{ tool: "bash", host: "flag.test", decision: "allow", scope: "session" }] as const
  await hosted({ request: { rules } }, async (host) => {
    await host.permissions.keep({ tool: "bash", host: "kept.test", decision: "allow", scope: "user" })
    const reached = (await host.destinations()).map(({ to }) => to)
    expect(reached).toContain("flag.test")
    expect(reached).toContain("kept.test")
  })
})

test("a person can have what a command did approved in place of the command, and a project cannot", async () => {
  const one = "[approvals]\neffects = true\n"
  await hosted({ projects: { one } }, async (host, at) => {
    expect(await settingsIn(host, at("one"))).not.toHaveProperty("approveEffects")
    expect(host.warnings.join()).toContain("Ignored approvals.effects")
  })
  await hosted({ user: one }, async (host, at) => {
    expect(await settingsIn(host, at("one"))).toMatchObject({ approveEffects: true })
  })
})

test("a tier is a model of the provider that is asked anyhow, unless the person names another", async () => {
  const tier = async (host: Host, at: string, tier: "smart" | "rush" | "free" | "deep", model?: string) => {
    const settings = { ...(model === undefined ? {} : { model }) }
    const receipt = await host.engine.submit({ type: "session.create", cwd: at, settings })
    if (receipt.status === "rejected") return receipt.message
    const { sessionId } = receipt
    const changed = await host.engine.submit({ type: "settings.change", sessionId, changes: { tier } })
    if (changed.status === "rejected") return changed.message
    const { model: asked, effort } = (await host.engine.ask({ type: "session.read", sessionId })).settings
    return effort === undefined ? asked : `${asked} ${effort}`
  }
  await hosted({}, async (host, at) => {
    expect(await tier(host, at("one"), "rush")).toBe("anthropic/claude-haiku-5-5")
    expect(await tier(host, at("one"), "deep")).toBe("anthropic/claude-opus-5-5 high")
    expect(await tier(host, at("one"), "rush", "openai/gpt-5.5")).toBe("openai/gpt-5.6-luna")
    expect(await tier(host, at("one"), "free")).toBe(
      'No model is set for the tier free, and no model of anthropic is known for it. Put tiers.free.model = "provider/model" into your config.toml.',
    )
  })
  const user = 'model = "opus"\n[tiers.rush]\nmodel = "openai/gpt-5-mini"\neffort = "low"'
  const projects = { one: '[tiers.smart]\nmodel = "openai/gpt-5"' }
  await hosted({ user, projects }, async (host, at) => {
    expect(await tier(host, at("one"), "rush")).toBe("openai/gpt-5-mini low")
    expect(await tier(host, at("one"), "smart")).toBe("anthropic/claude-opus-5-5")
  })
})

test("a session begins with the tier that is set, unless a model is named in a stronger place", async () => {
  const user = 'tier = "rush"\nmodel = "opus"'
  await hosted({ user }, async (host, at) => {
    expect(await settingsIn(host, at("one"))).toMatchObject({ tier: "rush", model: "anthropic/claude-haiku-5-5" })
  })
  await hosted({ user, request: { flags: { model: "sonnet" } } }, async (host, at) => {
    const settings = await settingsIn(host, at("one"))
    expect(settings).toMatchObject({ model: "anthropic/claude-sonnet-5-5" })
    expect(settings).not.toHaveProperty("tier")
  })
})

test("what a person allows of a web search holds also when it is off until they want it", async () => {
  const user = '[tools.web_search]\nallowed_domains = ["bun.sh"]\n'
  await hosted({ user }, async (host, at) => {
    expect(await settingsIn(host, at("one"))).toMatchObject({
      webSearch: { access: "disabled", allowedDomains: ["bun.sh"] },
    })
  })
  await hosted({}, async (host, at) => expect(await settingsIn(host, at("one"))).not.toHaveProperty("webSearch"))
})
