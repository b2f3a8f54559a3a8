import { homedir } from "node:os"
import { join } from "node:path"
import { directories, FEATURES, type Feature, keepSetting } from "@skein/config"
import { compose } from "@skein/host"
import { jsonPage, SkeinError } from "@skein/protocol"
import type { Flags } from "../flags.ts"
import { nearest } from "../flags.ts"
import { hostRequest } from "../session/request.ts"
import { UsageError } from "../usage.ts"
import type { Run, VerbCall } from "../verb.ts"

/** `skein features list`: each with its stage, and whether it is on here. Changes nothing. */
export const list: Run = async ({ flags, io }) => {
  const request = hostRequest(flags, io)
  const host = compose({ ...request, overrides: [...(request.overrides ?? []), ...overlay(flags)] })
  try {
    for (const warning of host.config.warnings) io.err(`note    ${warning}`)
    const rows = FEATURES.map(({ name, stage, key, summary }) => {
      const row = host.config.show().find((one) => one.key === key)
      return { name, stage, isEnabled: row?.value === "true", key, from: row?.origin.layer ?? "defaults", summary }
    })
    if (flags.has("json")) io.out(jsonPage(rows))
    else for (const { name, stage, isEnabled } of rows) io.out(`${name.padEnd(18)}${stage.padEnd(14)}${isEnabled}`)
    return 0
  } finally {
    await host.close()
  }
}

export const enable: Run = (call) => keep(call, true)
export const disable: Run = (call) => keep(call, false)

/** Edits `[features]` of the person's config.toml and nothing else in it. */
async function keep({ words, io }: VerbCall, isOn: boolean): Promise<number> {
  const [name, ...more] = words
  if (name === undefined || more.length > 0) {
    throw new UsageError(
      `Which feature? skein features ${isOn ? "enable" : "disable"} <name>; skein features list names them.`,
    )
  }
  const { stage } = featureNamed(name)
  const file = join(directories(io.env, io.env.HOME ?? homedir()).config, "config.toml")
  keepSetting(file, "features", name, isOn)
  io.out(`${isOn ? "Enabled" : "Disabled"} feature \`${name}\` in config.toml.`)
  if (isOn && stage === "experimental") io.err("note    It is experimental: it may change or go.")
  return 0
}

/** `--enable` and `--disable` of this call alone. */
function overlay(flags: Flags): string[] {
  const said = (flag: string) => flags.list(flag).map((name) => featureNamed(name).name)
  return [
    ...said("enable").map((name) => `features.${name}=true`),
    ...said("disable").map((name) => `features.${name}=false`),
  ]
}

function featureNamed(name: string): Feature {
  const found = FEATURES.find((feature) => feature.name === name)
  if (found !== undefined) return found
  const names = FEATURES.map((feature) => feature.name)
  const hint = nearest(name, names) || ` There are: ${names.join(", ")}.`
  throw new SkeinError("config.invalid", `Unknown feature flag: ${name}.${hint}`)
}
