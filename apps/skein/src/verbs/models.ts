import { compose } from "@skein/host"
import type { ModelInfo } from "@skein/protocol"
import { jsonPage } from "@skein/protocol"
import { hostRequest } from "../session/request.ts"
import type { Run } from "../verb.ts"

/** `skein models [search]`, and `skein models quirks`: what can be asked, by provider, with window, price and whether a key is there. */
export const run: Run = async (call) => {
  const { flags, words, io } = call
  if (words[0] === "quirks") return await (await import("./models-quirks.ts")).run(call)
  const host = compose(hostRequest(flags, io))
  try {
    if (flags.has("tasks")) return await (await import("./models-tasks.ts")).showTasks(host, io, flags.has("json"))
    const search = words.join(" ").toLowerCase()
    const all = await host.engine.ask({ type: "models.list", asksServers: true })
    const found = all.filter((model) =>
      `${model.provider}/${model.id} ${model.name ?? ""}`.toLowerCase().includes(search),
    )
    if (flags.has("json")) {
      io.out(jsonPage(found))
      return 0
    }
    for (const line of table(found, host.settings.model)) io.out(line)
    if (found.length === 0) io.err(`No model's name holds ${JSON.stringify(search)}.`)
    return found.length === 0 ? 1 : 0
  } finally {
    await host.close()
  }
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
