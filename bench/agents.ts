/** How skein, the floor and each peer is started. A new agent is one more row. */
import { statSync } from "node:fs"
import { basename, join } from "node:path"

/** What the rows are told; all paths are absolute. */
export interface Place {
  /** `http://127.0.0.1:PORT` of the mock. */
  readonly mock: string
  /** The agent's own home, new for each measurement and warm after its first run. */
  readonly home: string
  /** A hundred small files; the agent is started here. */
  readonly workspace: string
  readonly peers: string
  /** The skein to measure. */
  readonly skein: string
  /** Folder of the programs of floor.ts. */
  readonly floor: string
}

export interface Agent {
  readonly name: string
  readonly family: "skein" | "floor" | "peer"
  /** Must exist for the agent to be measured. */
  program(place: Place): string
  version(place: Place): readonly string[]
  /** Answers one prompt and ends; absent: it has no model to ask. */
  ask?(place: Place, prompt: string): readonly string[]
  /** Goes on with the home's newest session. */
  resume?(place: Place, prompt: string): readonly string[]
  /** Its screen, for a person; absent: it has none. */
  screen?(place: Place): readonly string[]
  /** The same with the home's newest session on it. */
  screenAgain?(place: Place): readonly string[]
  env?(place: Place): Readonly<Record<string, string>>
  /** Its home's files before the first run, by path: first-run questions answered, the mock named as the provider. */
  files?(place: Place): Readonly<Record<string, string>>
}

const KEY = "sk-bench-not-a-key"

function skein(name: string, model: string, env: (place: Place) => Record<string, string>): Agent {
  return {
    name,
    family: "skein",
    program: ({ skein }) => skein,
    version: ({ skein }) => [skein, "--version"],
    ask: ({ skein }, prompt) => [skein, "-m", model, "-p", prompt],
    resume: ({ skein }, prompt) => [skein, "-p", "--continue", prompt],
    screen: ({ skein }) => [skein, "-m", model],
    screenAgain: ({ skein }) => [skein, "resume", "--last"],
    env,
  }
}

function floor(name: string, ask?: Agent["ask"]): Agent {
  const program = (place: Place) => join(place.floor, name)
  return { name, family: "floor", program, version: (place) => [program(place)], ...(ask === undefined ? {} : { ask }) }
}

/** pi is JavaScript and needs this Node, which is installed beside it. */
export function nodeOf(peers: string): string {
  return join(peers, "node/node_modules/node/bin/node")
}

const CODEX = "codex/node_modules/@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex"
const PI = "pi/node_modules/@earendil-works/pi-coding-agent/dist/bundle/cli.js"
const CLAUDE = "claude/node_modules/@anthropic-ai/claude-code/bin/claude.exe"
const OPENCODE = "opencode/node_modules/opencode-linux-x64/bin/opencode"
const GEMINI = "gemini/node_modules/@google/gemini-cli/bundle/gemini.js"

export const AGENTS: readonly Agent[] = [
  floor("hello"),
  floor("bare", (place, prompt) => [join(place.floor, "bare"), place.mock, prompt]),
  skein("skein", "openai/mock-model", ({ mock }) => ({ OPENAI_BASE_URL: `${mock}/v1`, OPENAI_API_KEY: KEY })),
  skein("skein-chat", "openai-chat/mock-model", ({ mock }) => ({
    OPENAI_BASE_URL: `${mock}/v1`,
    OPENAI_API_KEY: KEY,
  })),
  skein("skein-anthropic", "anthropic/mock-model", ({ mock }) => ({
    ANTHROPIC_BASE_URL: mock,
    ANTHROPIC_API_KEY: KEY,
  })),
  skein("skein-gemini", "google/mock-model", ({ mock }) => ({
    GOOGLE_GEMINI_BASE_URL: mock,
    GEMINI_API_KEY: KEY,
  })),
  {
    name: "codex",
    family: "peer",
    program: ({ peers }) => join(peers, CODEX),
    version: ({ peers }) => [join(peers, CODEX), "--version"],
    ask: ({ peers, workspace }, prompt) => [
      ...[join(peers, CODEX), "exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox"],
      ...["-C", workspace, prompt],
    ],
    resume: ({ peers, workspace }, prompt) => [
      ...[join(peers, CODEX), "exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox"],
      ...["-C", workspace, "resume", "--last", prompt],
    ],
    screen: ({ peers, workspace }) => [
      ...[join(peers, CODEX), "--dangerously-bypass-approvals-and-sandbox", "-C", workspace],
    ],
    screenAgain: ({ peers, workspace }) => [
      ...[join(peers, CODEX), "resume", "--last", "--include-non-interactive"],
      ...["--dangerously-bypass-approvals-and-sandbox", "-C", workspace],
    ],
    env: ({ home }) => ({ CODEX_HOME: join(home, ".codex"), BENCH_KEY: KEY }),
    files: ({ home, mock, workspace }) => ({ [join(home, ".codex/config.toml")]: codexConfig(mock, workspace) }),
  },
  {
    name: "pi",
    family: "peer",
    program: ({ peers }) => join(peers, PI),
    version: ({ peers }) => [nodeOf(peers), join(peers, PI), "--version"],
    ask: ({ peers }, prompt) => [
      ...[nodeOf(peers), join(peers, PI), "--offline", "--model", "mock/mock-model", "-p", prompt],
    ],
    resume: ({ peers }, prompt) => [
      ...[nodeOf(peers), join(peers, PI), "--offline", "--model", "mock/mock-model", "--continue", "-p", prompt],
    ],
    screen: ({ peers }) => [nodeOf(peers), join(peers, PI), "--offline", "--model", "mock/mock-model"],
    screenAgain: ({ peers }) => [
      ...[nodeOf(peers), join(peers, PI), "--offline", "--model", "mock/mock-model", "--continue"],
    ],
    env: () => ({ PI_OFFLINE: "1", PI_TELEMETRY: "0" }),
    files: ({ home, mock }) => ({
      [join(home, ".pi/agent/models.json")]: JSON.stringify({
        providers: {
          mock: {
            baseUrl: `${mock}/v1`,
            api: "openai-completions",
            apiKey: KEY,
            models: [{ id: "mock-model", contextWindow: 1_000_000, maxTokens: 100_000 }],
          },
        },
      }),
    }),
  },
  {
    name: "claude",
    family: "peer",
    program: ({ peers }) => join(peers, CLAUDE),
    version: ({ peers }) => [join(peers, CLAUDE), "--version"],
    ask: ({ peers }, prompt) => [join(peers, CLAUDE), "-p", "--allowedTools", "Read", "--", prompt],
    resume: ({ peers }, prompt) => [join(peers, CLAUDE), "-p", "--continue", "--allowedTools", "Read", "--", prompt],
    screen: ({ peers }) => [join(peers, CLAUDE)],
    // By its id: --continue passes over what was made without a screen.
    screenAgain: ({ peers, home }) => [join(peers, CLAUDE), "--resume", newestLog(join(home, ".claude/projects"))],
    env: ({ mock }) => ({
      ANTHROPIC_BASE_URL: mock,
      ANTHROPIC_API_KEY: `sk-ant-api03-${KEY}`,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      DISABLE_AUTOUPDATER: "1",
      DISABLE_TELEMETRY: "1",
      DISABLE_ERROR_REPORTING: "1",
    }),
    files: ({ home, workspace }) => ({
      [join(home, ".claude.json")]: JSON.stringify({
        hasCompletedOnboarding: true,
        theme: "dark",
        numStartups: 5,
        customApiKeyResponses: { approved: [`sk-ant-api03-${KEY}`.slice(-20)], rejected: [] },
        projects: {
          [workspace]: { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true, allowedTools: [] },
        },
      }),
    }),
  },
  {
    name: "opencode",
    family: "peer",
    program: ({ peers }) => join(peers, OPENCODE),
    version: ({ peers }) => [join(peers, OPENCODE), "--version"],
    ask: ({ peers }, prompt) => [join(peers, OPENCODE), "run", "--auto", "-m", "mock/mock-model", prompt],
    resume: ({ peers }, prompt) => [
      ...[join(peers, OPENCODE), "run", "--auto", "--continue", "-m", "mock/mock-model", prompt],
    ],
    screen: ({ peers, workspace }) => [join(peers, OPENCODE), "-m", "mock/mock-model", workspace],
    screenAgain: ({ peers, workspace }) => [join(peers, OPENCODE), "--continue", "-m", "mock/mock-model", workspace],
    env: () => ({
      OPENCODE_DISABLE_AUTOUPDATE: "1",
      OPENCODE_DISABLE_MODELS_FETCH: "1",
      OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
      OPENCODE_DISABLE_SHARE: "1",
      OPENCODE_DISABLE_DEFAULT_PLUGINS: "1",
    }),
    files: ({ home, mock }) => ({
      [join(home, ".config/opencode/opencode.json")]: JSON.stringify({
        autoupdate: false,
        share: "disabled",
        model: "mock/mock-model",
        small_model: "mock/mock-model",
        provider: {
          mock: {
            npm: "@ai-sdk/openai-compatible",
            name: "mock",
            options: { baseURL: `${mock}/v1`, apiKey: KEY },
            models: {
              "mock-model": { name: "mock-model", limit: { context: 1_000_000, output: 100_000 }, tool_call: true },
            },
          },
        },
      }),
    }),
  },
  {
    name: "gemini",
    family: "peer",
    program: ({ peers }) => join(peers, GEMINI),
    version: ({ peers }) => [nodeOf(peers), join(peers, GEMINI), "--version"],
    ask: ({ peers }, prompt) => [
      ...[nodeOf(peers), join(peers, GEMINI), "-m", "gemini-2.5-pro", "--skip-trust", "--approval-mode", "yolo"],
      ...["-p", prompt],
    ],
    screen: ({ peers }) => [nodeOf(peers), join(peers, GEMINI), "-m", "gemini-2.5-pro", "--skip-trust"],
    env: ({ mock }) => ({
      GEMINI_API_KEY: KEY,
      GOOGLE_GEMINI_BASE_URL: mock,
      GEMINI_TELEMETRY_ENABLED: "false",
    }),
    files: ({ home }) => ({
      [join(home, ".gemini/settings.json")]: JSON.stringify({
        security: { auth: { selectedType: "gemini-api-key" } },
        privacy: { usageStatisticsEnabled: false },
        telemetry: { enabled: false },
        general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
      }),
    }),
  },
]

/** The name, without its ending, of the newest log below the folder; nothing when there is none. */
function newestLog(folder: string): string {
  const logs = [...new Bun.Glob("**/*.jsonl").scanSync({ cwd: folder, absolute: true })]
  const [newest = ""] = logs.toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
  return basename(newest, ".jsonl")
}

/** Plugin sync is off: it would fetch from the network at every start. */
function codexConfig(mock: string, workspace: string): string {
  return `model = "gpt-5.5"
model_provider = "mock"
check_for_update_on_startup = false
[features]
plugins = false
remote_plugin = false
[analytics]
enabled = false
[feedback]
enabled = false
[otel]
exporter = "none"
[model_providers.mock]
name = "mock"
base_url = "${mock}/v1"
env_key = "BENCH_KEY"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
[notice.model_migrations]
"gpt-5.5" = "gpt-6-sol"
[projects."${workspace}"]
trust_level = "trusted"
`
}
