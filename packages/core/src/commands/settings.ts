import type { Settings } from "@skein/protocol"
import type { SettingOrigin } from "../ports/index.ts"
import { defineCommand } from "./command.ts"
import { columns, oneLine } from "./text.ts"

export const settings = defineCommand({
  name: "settings",
  summary: "What is set, and where each of it came from.",
  usage: "[words]",
  whileBusy: true,
  async run(args, { facts, origins }) {
    const view = await facts()
    const set = origins.settings(view.cwd)
    const rows = [...held(view.settings).map((row) => ofSession(row, set)), ...set.filter(({ key }) => !HELD.has(key))]
    const words = args.toLowerCase()
    const found = rows.filter(({ key, from }) => `${key} ${from}`.toLowerCase().includes(words))
    if (found.length === 0) return { kind: "show", text: `Nothing that is set has to do with ${oneLine(args)}.` }
    const width = Math.max(...found.map(({ value }) => Math.min(value.length, VALUE_MAX)))
    const lines = found.map(({ key, value, from }): [string, string] => [
      key,
      `${oneLine(value, VALUE_MAX).padEnd(width)}  ${from}`,
    ])
    return { kind: "show", text: columns(lines).join("\n") }
  },
})

const VALUE_MAX = 40

/** Those that a session holds itself, and may have changed since it began. */
function held(now: Settings): readonly (readonly [key: string, value: unknown])[] {
  return [
    ["model", now.model],
    ["tier", now.tier],
    ["routing", now.routing],
    ["optimize", now.optimize],
    ["effort", now.effort],
    ["verbosity", now.verbosity],
    ["output_style", now.outputStyle],
    ["web_search", now.webSearch?.access ?? "disabled"],
    ["mode", now.mode],
    ["sandbox", now.sandbox],
    ["tools_network.access", now.network?.access],
  ]
}

const HELD: ReadonlySet<string> = new Set([
  ...["model", "tier", "routing", "optimize", "effort", "verbosity", "output_style", "web_search", "mode", "sandbox"],
  "tools_network.access",
])

function ofSession([key, value]: readonly [string, unknown], set: readonly SettingOrigin[]): SettingOrigin {
  const known = set.find((row) => row.key === key)
  const shown = value === undefined ? "–" : JSON.stringify(value)
  if (known?.value === shown) return known
  if (known === undefined && value === undefined) return { key, value: shown, from: "not set" }
  return { key, value: shown, from: known === undefined && key === "model" ? "chosen for you" : "this session" }
}
