import type { Host } from "@skein/host"
import type { ModelInfo } from "@skein/protocol"
import { jsonPage } from "@skein/protocol"
import { withHost } from "../session/host.ts"
import type { Run } from "../verb.ts"

/** `skein models [words]`: what can be asked, what is ready first, with window, price and what is missing to ask it. */
export const run: Run = (call) =>
  withHost(call, async ({ call: { flags, words, io }, host }) => {
    if (flags.has("tasks")) return await (await import("./models-tasks.ts")).showTasks(host, io, flags.has("json"))
    const search = words.join(" ").toLowerCase()
    const asked = flags.text("provider")?.toLowerCase()
    const named = search === "" ? undefined : host.models.ownerOf(search)
    const owner = asked === undefined ? undefined : host.models.ownerOf(asked)
    const provider = owner?.id ?? asked
    const all = await host.engine.ask({ type: "models.list", asksServers: true })
    const isMeant = (model: ModelInfo) =>
      model.provider === named?.id || `${model.provider}/${model.id} ${model.name ?? ""}`.toLowerCase().includes(search)
    const found = all
      .filter((model) => isMeant(model) && (provider === undefined || model.provider === provider))
      .filter((model) => model.isReady || !flags.has("ready"))
      .toSorted((a, b) => Number(b.isReady) - Number(a.isReady))
    if (flags.has("json")) {
      io.out(jsonPage(found))
      return 0
    }
    for (const line of table(found, host)) io.out(line)
    if (found.length === 0)
      io.err(nothingFound({ search, named: named ?? owner, provider, isReady: flags.has("ready") }))
    else if (!all.some(({ isReady }) => isReady)) io.err(`note    ${NOT_READY}`)
    return found.length === 0 ? 1 : 0
  })

const NOT_READY =
  "None of them can be asked yet. Keep a key, or log in: skein login <provider>. Or start an Ollama, or add a model file: skein models add model.gguf"

interface Wanted {
  readonly search: string
  /** The provider that is called what was searched for, or was asked for. */
  readonly named: { readonly id: string; readonly name: string } | undefined
  readonly provider: string | undefined
  readonly isReady: boolean
}

function nothingFound({ search, named, provider, isReady }: Wanted): string {
  // Some providers have what only the person knows: deployments, a server's own files.
  if (named !== undefined && !isReady && (provider === undefined || search === ""))
    return `No model of ${named.name} is known here. Name one that it has, as in: skein -m ${named.id}/my-model`
  const which = [
    ...(isReady ? ["that can be asked now"] : []),
    ...(provider === undefined ? [] : [`of the provider ${provider}`]),
    ...(search === "" ? [] : [`whose name holds ${JSON.stringify(search)}`]),
  ]
  const cure = isReady ? " What is missing to ask others: skein models" : ""
  return `There is no model ${which.join(" and ")}.${cure}`
}

function table(models: readonly ModelInfo[], { settings, models: asked }: Host): string[] {
  const missing = ({ provider }: ModelInfo) => (asked.ownerOf(provider)?.login === undefined ? "no key" : "no login")
  const rows = models.map((model) => {
    const name = `${model.provider}/${model.id}`
    const mark = name === settings.model ? "*" : " "
    return [
      `${mark} ${name}`,
      model.isReady ? "ready" : missing(model),
      tokens(model.contextTokens),
      price(model),
    ] as const
  })
  const widths = [0, 1, 2].map((at) => Math.max(0, ...rows.map((row) => row[at]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  )
}

function tokens(count: number | undefined): string {
  return count === undefined ? "window ?" : `${Math.round(count / 1_000)}k`
}

function price({ price: known }: ModelInfo): string {
  return known === undefined ? "price ?" : `$${known.input} in, $${known.output} out per million`
}
