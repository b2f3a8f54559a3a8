import { expect, test } from "bun:test"
import { LAYERS, type Origin } from "../src/layers.ts"
import { load } from "./scene.ts"

const OWN = "/home/me/.config/skein/config.toml"

test("without anything there are the defaults, and each says so", () => {
  const config = load({})
  expect(config.values).toEqual({
    mode: "ask",
    sandbox: "workspace-write",
    webSearch: { access: "disabled" },
    toolRouter: { isEnabled: false, outputTokensMax: 512, temperature: 0.1 },
    limits: {},
    worktrees: { include: [".env", ".env.*"] },
    agents: { depthMax: 2, runningMax: 10, timeoutMs: 1_800_000 },
    waiting: { waits: "ask", waitMsMax: 21_600_000 },
    tiers: {},
    tasks: {},
    bounds: {},
    extraRoots: [],
    checks: [],
    git: { coauthor: undefined },
    toolbox: { paths: [] },
    tools: { disable: [], areAllInFull: false, codeMs: 300_000 },
    rules: [],
    permissions: { imports: ["claude", "codex"] },
    hooks: { isEnabled: true, imports: ["claude", "codex"] },
    approvals: { areOfEffects: false },
    instructions: { files: [] },
    skills: { paths: [], allowedTools: "grant" },
    edit: { format: "auto" },
    session: { location: "user" },
    checkpoints: { isEnabled: true, bytesMax: 2_048_000_000 },
    context: { compactAt: 0.8, whenFull: "compact", isWindowed: false, profile: "auto", repoMapTokens: 0 },
    cache: { keepAliveMs: 0, isLong: false },
    secrets: { show: [] },
    log: { level: "info" },
    audit: { isEnabled: true, bytesMax: 32_000_000, isSynced: false },
    plugins: { imports: ["claude", "codex"] },
    mcp: { imports: ["claude", "codex", "cursor", "vscode"], tokensInFull: 1500, servers: {} },
    code: {
      isEnabled: true,
      idleMs: 300_000,
      memoryBytesMax: 4_096_000_000,
      servers: {},
      linters: { eslint: true, ruff: true, biome: true, stylelint: true },
    },
    network: { timeoutMs: 60_000, idleTimeoutMs: 90_000, retries: 6, retryBaseMs: 250 },
    tui: {
      theme: "monochrome",
      screen: "inline",
      editing: "emacs",
      keys: {},
      motion: "full",
      glyphs: "auto",
      images: "auto",
      notify: "unfocused",
      notifyBy: undefined,
      statusCommand: undefined,
    },
    fuzzy: { includedPaths: [] },
    toolsNetwork: { access: "ask", allow: [] },
    providers: [],
    models: {},
  })
  expect(config.warnings).toEqual([])
  expect(new Set(config.show().map((row) => row.origin.layer))).toEqual(new Set(["defaults"]))
})

/** One way to say `effort` per layer, lowest first. `keys` and `tables` are parts of the user's file. */
const WAYS: Record<string, Way> = {
  beneath: {
    given: { beneath: { file: "/other/config.toml", tree: { effort: "high" } } },
    value: "high",
    origin: { layer: "beneath", file: "/other/config.toml", key: "effort" },
  },
  "base profile": {
    keys: 'profile = "calm"',
    tables: '[profiles.calm]\neffort = "none"',
    value: "none",
    origin: { layer: "base profile", file: OWN, key: "profiles.calm.effort" },
  },
  user: { keys: 'effort = "minimal"', value: "minimal", origin: { layer: "user", file: OWN, key: "effort" } },
  "settings file": {
    given: { settingsFile: "/s.toml", files: { "/s.toml": 'effort = "low"' } },
    value: "low",
    origin: { layer: "settings file", file: "/s.toml", key: "effort" },
  },
  project: {
    given: { project: 'effort = "medium"' },
    value: "medium",
    origin: { layer: "project", file: "/code/repo/.skein/config.toml", key: "effort" },
  },
  environment: {
    given: { env: { SKEIN_EFFORT: "high" } },
    value: "high",
    origin: { layer: "environment", key: "SKEIN_EFFORT" },
  },
  profile: {
    given: { profile: "fast" },
    tables: '[profiles.fast]\neffort = "xhigh"',
    value: "xhigh",
    origin: { layer: "profile", file: OWN, key: "profiles.fast.effort" },
  },
  flags: { given: { flags: { effort: "none" } }, value: "none", origin: { layer: "flags", key: "--effort" } },
  override: {
    given: { overrides: ["effort=minimal"] },
    value: "minimal",
    origin: { layer: "override", key: "-c effort" },
  },
}

interface Way {
  readonly given?: Parameters<typeof load>[0]
  readonly keys?: string
  readonly tables?: string
  readonly value: string
  readonly origin: Origin
}

test("the order of the layers is the one that is promised", () => {
  // What a permission profile may hold has its own test.
  expect(["defaults", ...Object.keys(WAYS)]).toEqual(LAYERS.filter((layer) => layer !== "permission profile"))
})

const layers = Object.entries(WAYS)
for (const [index, [name, way]] of layers.entries()) {
  test(`${name} wins over every layer below it, and says where the value came from`, () => {
    for (const lower of [{}, ...layers.slice(0, index).map(([, below]) => below)] as Partial<Way>[]) {
      const user = [lower.keys, way.keys, lower.tables, way.tables].join("\n")
      const config = load({ ...lower.given, ...way.given, user })
      expect([config.values.effort, config.origin("effort")] as unknown[]).toEqual([way.value, way.origin])
    }
  })
}

test("tables are merged by key; lists of all layers stand together; the rest is replaced", () => {
  const config = load({
    user: `
      extra_roots = ["/a", "~/b", "c"]
      rules = [{ tool = "bash", command = "git status", decision = "allow" }]
      [limits]
      steps = 10
      tokens = 5
      [providers.local]
      wire = "openai-chat"
      base_url = "http://127.0.0.1:8080/v1"
      headers = { "X-Team" = "one", "X-Other" = "two" }
      [models."local/qwen.3"]
      context_tokens = 32_000
      price = { input = 1.5, cache_read = 0 }`,
    files: { "/s/skein.toml": '[limits]\ntokens = 7\nusd = 0.25\n[providers.local.headers]\nX-Team = "three"' },
    settingsFile: "/s/skein.toml",
    project: '[[rules]]\ntool = "bash"\npath = "src"\ndecision = "deny"\nreason = "generated"',
    flags: { extra_roots: ["rel"], model: undefined },
  })
  expect(config.warnings).toEqual([])
  expect(config.values.limits).toEqual({ stepsMax: 10, tokensMax: 7, microUsdMax: 250_000 })
  expect(config.values.extraRoots).toEqual(["/a", "/home/me/b", "/home/me/.config/skein/c", "/code/repo/rel"])
  expect(config.values.rules).toEqual([
    { tool: "bash", command: "git status", decision: "allow", scope: "user", source: OWN },
    {
      tool: "bash",
      path: "/code/repo/src",
      decision: "deny",
      reason: "generated",
      scope: "project",
      source: "/code/repo/.skein/config.toml",
    },
  ])
  expect(config.values.providers).toEqual([
    {
      id: "local",
      wire: "openai-chat",
      baseUrl: "http://127.0.0.1:8080/v1",
      headers: { "X-Team": "three", "X-Other": "two" },
    },
  ])
  expect(config.values.models).toEqual({
    "local/qwen.3": { contextTokens: 32_000, price: { input: 1.5, cacheRead: 0 } },
  })
  expect(config.origin('models."local/qwen.3".price.input')).toEqual({
    layer: "user",
    file: OWN,
    key: 'models."local/qwen.3".price.input',
  })
})

test("variables nest with two underscores, and their text is read as the key wants it", () => {
  const config = load({
    env: {
      SKEIN_LIMITS__STEPS: "12",
      SKEIN_MODEL: "42",
      SKEIN_PROVIDERS__OPENAI__BASE_URL: "https://proxy.test/v1",
      SKEIN_EXTRA_ROOTS: '["/x", "/y"]',
      SKEIN_MODE: "",
    },
  })
  expect([config.values.limits.stepsMax, config.values.model, config.values.extraRoots]).toEqual([
    12,
    "42",
    ["/x", "/y"],
  ])
  expect(config.values.providers).toEqual([{ id: "openai", baseUrl: "https://proxy.test/v1" }])
  expect(config.origin("limits.steps")).toEqual({ layer: "environment", key: "SKEIN_LIMITS__STEPS" })
  expect(config.values.mode).toBe("ask")
})

test("an override is TOML where it can be and a text where not, and the last one wins", () => {
  const config = load({
    overrides: [
      "model=openai/gpt-5",
      "limits.steps = 3",
      "limits={tokens=9}",
      'models."a/b.c".context_tokens=5',
      'mode="plan"',
      "mode=auto",
    ],
  })
  expect(config.values).toMatchObject({ model: "openai/gpt-5", mode: "auto", limits: { stepsMax: 3, tokensMax: 9 } })
  expect(config.values.models).toEqual({ "a/b.c": { contextTokens: 5 } })
  expect(config.origin("mode")).toEqual({ layer: "override", key: "-c mode" })
})

test("one override cannot bring a second key with it", () => {
  expect(load({ overrides: ["model='a'\nmode='full'"] }).values).toMatchObject({
    model: "'a'\nmode='full'",
    mode: "ask",
  })
})

test("SKEIN_PROFILE chooses a profile, --profile before it, and both win over the variables", () => {
  const user = '[profiles.one]\nmodel = "a/1"\n[profiles.two]\nmodel = "a/2"'
  expect(load({ user, env: { SKEIN_PROFILE: "one", SKEIN_MODEL: "a/3" } }).values.model).toBe("a/1")
  expect(load({ user, env: { SKEIN_PROFILE: "one" }, profile: "two" }).values.model).toBe("a/2")
})

test("a project's settings hold in its subfolders, the nearest first, and not outside a repository", () => {
  const files = {
    "/code/repo/.skein/config.toml": 'model = "root/1"\neffort = "low"',
    "/code/repo/a/.skein/config.toml": 'model = "near/1"',
  }
  const near = load({ files, cwd: "/code/repo/a/b" })
  expect([near.values.model, near.values.effort as string]).toEqual(["near/1", "low"])
  const outside = { "/tmp/.skein/config.toml": 'model = "planted/1"' }
  expect(load({ files: outside, cwd: "/tmp/x/y" }).values.model).toBeUndefined()
  expect(load({ files: outside, cwd: "/tmp" }).values.model).toBe("planted/1")
})

test("an Ollama on another machine can be a provider of its own", () => {
  const config = load({ user: '[providers.gpu]\nwire = "ollama-chat"\nbase_url = "http://10.0.0.5:11434"' })
  expect(config.warnings).toEqual([])
  expect(config.values.providers[0]).toMatchObject({ id: "gpu", wire: "ollama-chat" })
})

test("a feature is the setting that it is, in any layer, and its origin is where the feature stands", () => {
  const config = load({ user: "[features]\nhooks = false\nnonsense = true", overrides: ["features.windowing=true"] })

  expect([config.values.hooks.isEnabled, config.origin("hooks.enabled")]).toEqual([
    false,
    { layer: "user", file: OWN, key: "features.hooks" },
  ])
  expect(config.origin("context.windowing")).toMatchObject({ layer: "override", key: "-c features.windowing" })
  expect(config.warnings).toEqual([expect.stringContaining("Ignored features.nonsense")])
})
