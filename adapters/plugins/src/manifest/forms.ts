import {
  anything,
  type Check,
  either,
  isValues,
  list,
  matching,
  members,
  oneOrMany,
  path,
  preferably,
  table,
  text,
  warning,
} from "./checks.ts"

export type ManifestKind = "skein" | "claude" | "codex"

/** A kind of manifest: where it lies, what it must have and what each of its members takes. */
export interface Form {
  readonly kind: ManifestKind
  readonly file: string
  readonly required: readonly string[]
  readonly members: Check
  /** Where parts lie that it does not name. */
  readonly defaults: Readonly<Partial<Record<PartKind, string>>>
  /** What it names is beside what lies at the usual places, not in the place of it. */
  readonly areDefaultsKept: boolean
}

export const PART_KINDS = ["skills", "commands", "agents", "outputStyles", "hooks", "mcpServers", "extensions"] as const
export type PartKind = (typeof PART_KINDS)[number]

export const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/
export const VERSION = /^[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}$/
/** `network:example.com`, `network:*.example.com:8443`, `workspace:write`. */
export const CAPABILITY = /^(?:workspace:write|network:(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[0-9]{1,5})?)$/
const SHA256 = /^[0-9a-f]{64}$/
const COLOR = /^#[0-9a-f]{6}$/i
const URL_SHAPE = /^https?:\/\/[^\s]{1,500}$/i

const PATHS = oneOrMany(path, 100)
const name = matching(NAME, "a name of letters, digits, - and _, at most 64")
const version = matching(VERSION, "a version as 1.2.3")
const url = preferably(matching(URL_SHAPE, "an http address"))
const person = either(isValues, members({ name: text(200), email: text(200), url: text(500) }), text(200))
const isText = (value: unknown) => typeof value === "string"
const fileOrValue = oneOrMany(either(isText, path, preferably(table(anything, 500))), 50)

const ABOUT: Readonly<Record<string, Check>> = {
  name,
  version,
  description: text(4000),
  author: preferably(person),
  homepage: url,
  repository: preferably(either(isValues, anything, text(500))),
  license: preferably(text(200)),
  keywords: preferably(list(text(100), 100)),
}

const notUsed =
  (what: string): Check =>
  (_, place) =>
    warning(place, `${what} of plugins are not used by skein.`)

const CLAUDE_PARTS: Readonly<Record<string, Check>> = {
  skills: PATHS,
  commands: either(isValues, table(members({ source: path }), 200), PATHS),
  agents: PATHS,
  outputStyles: PATHS,
  hooks: fileOrValue,
  mcpServers: fileOrValue,
}

const INTERFACE: Readonly<Record<string, Check>> = {
  displayName: text(200),
  shortDescription: text(1000),
  longDescription: text(8000),
  developerName: text(200),
  category: text(200),
  capabilities: list(text(200), 50),
  websiteUrl: url,
  websiteURL: url,
  privacyPolicyURL: url,
  termsOfServiceURL: url,
  defaultPrompt: oneOrMany(text(128), 3),
  brandColor: matching(COLOR, "a color as #1a2b3c"),
  composerIcon: path,
  logo: path,
  screenshots: list(path, 50),
}

/** The nearest to skein first. */
export const FORMS: readonly Form[] = [
  {
    kind: "skein",
    file: "skein-plugin.json",
    required: ["name", "version"],
    members: members(
      {
        ...ABOUT,
        ...CLAUDE_PARTS,
        $schema: anything,
        onlyNamed: either((value) => typeof value === "boolean", anything, text(0)),
        extensions: PATHS,
        capabilities: list(matching(CAPABILITY, "network:HOST or workspace:write"), 50),
        files: table(matching(SHA256, "the SHA-256 of the file, 64 hex digits"), 3000),
        signedBy: matching(/^ed25519:[0-9a-f]{64}$/, "the id of a key, ed25519:…"),
        signature: matching(/^[A-Za-z0-9+/]{86}==$/, "a signature in base64"),
      },
      (_, place) => warning(place, "It is no member that skein knows."),
    ),
    defaults: claudeDefaults(),
    areDefaultsKept: true,
  },
  {
    kind: "claude",
    file: ".claude-plugin/plugin.json",
    required: ["name"],
    members: members({
      ...ABOUT,
      ...CLAUDE_PARTS,
      lspServers: notUsed("Language servers"),
      channels: notUsed("Channels"),
    }),
    defaults: claudeDefaults(),
    areDefaultsKept: true,
  },
  {
    kind: "codex",
    file: ".codex-plugin/plugin.json",
    required: ["name"],
    members: members({
      ...ABOUT,
      skills: PATHS,
      mcpServers: fileOrValue,
      hooks: fileOrValue,
      apps: notUsed("Apps and connectors, which run in an account of the provider and not on this machine,"),
      interface: members(INTERFACE),
    }),
    defaults: { skills: "./skills", hooks: "./hooks/hooks.json", mcpServers: "./.mcp.json" },
    areDefaultsKept: false,
  },
]

function claudeDefaults(): Form["defaults"] {
  return {
    skills: "./skills",
    commands: "./commands",
    agents: "./agents",
    outputStyles: "./output-styles",
    hooks: "./hooks/hooks.json",
    mcpServers: "./.mcp.json",
  }
}
