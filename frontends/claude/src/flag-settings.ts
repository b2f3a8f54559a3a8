import { resolve } from "node:path"
import type { Rule } from "@skein/protocol"
import { asObject, asText, asTexts, type Json } from "@skein/protocol/json"
import { parseHostRule, type RuleContext, readRules } from "@skein/protocol/rule-strings"
import type { ClaudeFlags } from "./flags.ts"
import type { FlagSettings } from "./given-settings.ts"
import { isPermissionMode, skeinEffort } from "./words.ts"

/** Flags with what settings say where the flags say nothing. */
export function withSettings(flags: ClaudeFlags, json: Json, context: RuleContext): ClaudeFlags {
  const read = readFlagSettings(json, context)
  const mode = read.mode === "bypassPermissions" && !flags.mayBypass ? undefined : read.mode
  return {
    ...flags,
    fromSettings: read,
    model: flags.model ?? read.model,
    permissionMode: flags.permissionMode ?? mode,
    unsupported: [
      ...flags.unsupported,
      ...read.unsupported.map((text) => `--settings: ${text}`),
      ...(mode === read.mode ? [] : ["--settings: bypassPermissions needs --allow-dangerously-skip-permissions."]),
    ],
  }
}

/** What changes nothing here, or holds without being said. */
const OF_NO_CONSEQUENCE = new Set([
  ...["$schema", "cleanupPeriodDays", "includeCoAuthoredBy", "attribution", "feedbackSurveyRate", "statusLine"],
  ...["spinnerTipsEnabled", "spinnerVerbs", "terminalProgressBarEnabled", "prefersReducedMotion", "autoUpdatesChannel"],
  ...["showTurnDuration", "companyAnnouncements", "skipWebFetchPreflight", "autoMemoryEnabled"],
])

/** Reads settings. Rules that are none are named, never half taken. */
export function readFlagSettings(json: Json, context: RuleContext): FlagSettings {
  const { model, effortLevel, outputStyle, permissions, sandbox, env, hooks, alwaysThinkingEnabled, ...others } = json
  const effort = skeinEffort(asText(effortLevel) ?? "")
  const permitted = permissionsOf(asObject(permissions) ?? {}, context)
  const held = sandboxOf(asObject(sandbox) ?? {}, context)
  const roots = [...permitted.roots, ...held.roots]
  const name = asText(model)
  const style = asText(outputStyle)
  return {
    changes: {
      ...(effort === undefined ? {} : { effort }),
      ...(alwaysThinkingEnabled === false && effort === undefined ? { effort: "none" } : {}),
      ...(style === undefined ? {} : { outputStyle: style === "default" ? null : style }),
      ...(roots.length === 0 ? {} : { extraRoots: roots }),
      ...(held.domains.length === 0 ? {} : { network: { access: "ask", allow: held.domains } }),
    },
    model: name === "default" ? undefined : name,
    rules: [...permitted.rules, ...held.rules],
    mode: permitted.mode,
    env: textsOf(env),
    hooks: asObject(hooks),
    unsupported: [
      ...permitted.unsupported,
      ...held.unsupported,
      ...Object.keys(others)
        .filter((key) => !OF_NO_CONSEQUENCE.has(key))
        .map((key) => `The setting ${key} is not supported; it is left out.`),
    ],
  }
}

function permissionsOf(permissions: Json, context: RuleContext) {
  const { allow, deny, ask, defaultMode, additionalDirectories, ...others } = permissions
  const read = (["allow", "deny", "ask"] as const).map((decision) =>
    readRules(asTexts({ allow, deny, ask }[decision]).map(parseHostRule), decision, "session", context),
  )
  const word = asText(defaultMode) ?? ""
  return {
    rules: read.flatMap(({ rules }) => rules),
    roots: asTexts(additionalDirectories).map((path) => resolve(context.cwd, path)),
    mode: isPermissionMode(word) ? word : undefined,
    unsupported: [
      ...read.flatMap(({ unsupported, refused }) => [...unsupported, ...refused]),
      ...(word === "" || isPermissionMode(word) ? [] : [`The mode ${word} of the settings is unknown.`]),
      ...Object.keys(others).map((key) => `The setting permissions.${key} is not supported; it is left out.`),
    ],
  }
}

/** Commands are confined whether or not it is asked for: what would take that away is not done. */
function sandboxOf(sandbox: Json, context: RuleContext) {
  const {
    enabled,
    failIfUnavailable: _,
    autoAllowBashIfSandboxed,
    network,
    filesystem,
    credentials,
    ...others
  } = sandbox
  const { allowedDomains, deniedDomains, ...otherNetwork } = asObject(network) ?? {}
  const { allowWrite, denyWrite, denyRead, ...otherFiles } = asObject(filesystem) ?? {}
  const { files, ...otherCredentials } = asObject(credentials) ?? {}
  const paths = (value: unknown) => asTexts(value).map((path) => absolute(path, context))
  const secret = (Array.isArray(files) ? files : []).flatMap((file) => asText(asObject(file)?.path) ?? [])
  const closed = (list: readonly string[], access: "read" | "write"): Rule[] =>
    list.flatMap((path) => [{ tool: "*", path, access, decision: "deny", scope: "session" } as const])
  const allowsCommands: Rule[] =
    autoAllowBashIfSandboxed === true && enabled !== false
      ? [{ tool: "bash", decision: "allow", scope: "session" }]
      : []
  const left = [
    ...Object.keys(others).filter((key) => key !== "allowUnsandboxedCommands"),
    ...Object.keys(otherNetwork).map((key) => `network.${key}`),
    ...Object.keys(otherFiles).map((key) => `filesystem.${key}`),
    ...Object.keys(otherCredentials).map((key) => `credentials.${key}`),
  ]
  return {
    domains: asTexts(allowedDomains),
    roots: paths(allowWrite),
    rules: [
      ...allowsCommands,
      ...closed(paths(denyWrite), "write"),
      ...closed([...paths(denyRead), ...paths(secret)], "read"),
      ...asTexts(deniedDomains).map((host) => ({ tool: "*", host, decision: "deny", scope: "session" }) as const),
    ],
    unsupported: [
      ...(enabled === false
        ? ["The setting sandbox.enabled is left out: commands stay confined. --no-sandbox says otherwise for one run."]
        : []),
      ...left.map((key) => `The setting sandbox.${key} is not supported; it is left out.`),
    ],
  }
}

function absolute(path: string, { cwd, home }: RuleContext): string {
  if (home !== undefined && (path === "~" || path.startsWith("~/"))) return resolve(home, path.slice(2))
  return resolve(cwd, path.replace(/^\/\//, "/"))
}

function textsOf(value: unknown): Readonly<Record<string, string>> | undefined {
  const entries = Object.entries(asObject(value) ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  )
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}
