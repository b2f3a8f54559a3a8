import { compose } from "@skein/host"
import type { ModelInfo } from "@skein/protocol"
import { jsonPage } from "@skein/protocol"
import { hostRequest } from "../session/request.ts"
import type { Run } from "../verb.ts"

/** `skein models [search]`, `models show NAME` and `models quirks`: what can be asked, by provider, with window, price and whether a key is there. */
export const run: Run = async (call) => {
  const { flags, words, io } = call
  if (words[0] === "quirks") return await (await import("./models-quirks.ts")).run(call)
  const host = compose(hostRequest(flags, io))
  try {
    if (flags.has("tasks")) return await (await import("./models-tasks.ts")).showTasks(host, io, flags.has("json"))
    if (words[0] === "show") return await (await import("./models-show.ts")).showModel(call, host)
    const search = words.join(" ").toLowerCase()
    const asked = flags.text("provider")?.toLowerCase()
    const provider = asked === undefined ? undefined : (host.models.ownerOf(asked)?.id ?? asked)
    const all = await host.engine.ask({ type: "models.list", asksServers: true })
    const named = search === "" ? undefined : host.models.ownerOf(search)
    const isMeant = (model: ModelInfo) =>
      model.provider === named?.id || `${model.provider}/${model.id} ${model.name ?? ""}`.toLowerCase().includes(search)
    const found = all.filter(
      (model) =>
        isMeant(model) &&
        (provider === undefined || model.provider === provider) &&
        (model.isReady || !flags.has("ready")),
    )
    if (flags.has("json")) {
      io.out(jsonPage(found))
      return 0
    }
    for (const line of table(found, host.settings.model)) io.out(line)
    if (found.length === 0) io.err(nothingFound({ search, named, provider, isReady: flags.has("ready") }))
    return found.length === 0 ? 1 : 0
  } finally {
    await host.close()
  }
}

interface Wanted {
  readonly search: string
  /** The provider that is called what was searched for. */
  readonly named: { readonly id: string; readonly name: string } | undefined
  readonly provider: string | undefined
  readonly isReady: boolean
}

function nothingFound({ search, named, provider, isReady }: Wanted): string {
  // Some providers have what only the person knows: deployments, a server's own files.
  if (named !== undefined && !isReady && provider === undefined)
    return `No model of ${named.name} is known here. Name one that it has, as in: skein -m ${named.id}/my-model`
  const which = [
    ...(isReady ? ["that can be asked now"] : []),
    ...(provider === undefined ? [] : [`of the provider ${provider}`]),
    ...(search === "" ? [] : [`whose name holds ${JSON.stringify(search)}`]),
  ]
  return `There is no model ${which.join(" and ")}.`
}

function table(models: readonly ModelInfo[], chosen: string): string[] {
  const rows = models.map((model) => {
    const name = `${model.provider}/${model.id}`
    const mark = name === chosen ? "*" : " "
    return [`${mark} ${name}`, model.isReady ? "ready" : "no key", tokens(model.contextTokens), price(model)] as const
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
