import { jsonPage } from "@skein/protocol"
import { table } from "../../tell/table.ts"
import { oneLine } from "../../tell/visible.ts"
import type { Run } from "../../verb.ts"
import { oneWord, withPlugins } from "./told.ts"

/** `skein plugin marketplace list`. */
export const run: Run = (call) =>
  withPlugins(call, async (plugins, { flags, io }) => {
    const markets = plugins.markets.list()
    if (flags.has("json")) {
      io.out(jsonPage(markets))
      return 0
    }
    if (markets.length === 0) io.out("There is no marketplace. Add one: skein plugin marketplace add <source>")
    const columns = [{ head: "name" }, { head: "signed" }, { head: "updated" }, { head: "from", isFlexible: true }]
    const rows = markets.map(({ name, source, updatedAt, signedBy }) => [
      name,
      signedBy === undefined ? "no" : "yes",
      new Date(updatedAt).toISOString().slice(0, 10),
      source,
    ])
    if (rows.length > 0) for (const line of table(columns, rows, await io.columns())) io.out(line)
    return 0
  })

export const add: Run = (call) =>
  withPlugins(call, async (plugins, own) => {
    const market = await plugins.markets.add(oneWord(own, "source"))
    const signed =
      market.signedBy === undefined ? "Nobody signed its list." : `Its list is signed, number ${market.serial}.`
    own.io.out(
      own.flags.has("json")
        ? jsonPage(market)
        : oneLine(`Added ${market.name}. ${signed} See what it offers: skein plugin search @${market.name}`),
    )
    return 0
  })

export const update: Run = (call) =>
  withPlugins(call, async (plugins, { flags, words, io }) => {
    const names = words.length > 0 ? words : plugins.markets.list().map(({ name }) => name)
    const updated = []
    for (const name of names) {
      updated.push(await plugins.markets.update(name))
      if (!flags.has("json")) io.out(oneLine(`Updated ${name}.`))
    }
    if (flags.has("json")) io.out(jsonPage(updated))
    return 0
  })

export const remove: Run = (call) =>
  withPlugins(call, async (plugins, own) => {
    const name = oneWord(own, "marketplace")
    const isRemoved = await plugins.markets.remove(name)
    if (isRemoved)
      own.io.out(own.flags.has("json") ? jsonPage({ name, state: "removed" }) : oneLine(`Removed ${name}.`))
    else own.io.err(`skein: there is no marketplace ${oneLine(name)}; see skein plugin marketplace list`)
    return isRemoved ? 0 : 1
  })

/** `skein plugin search`. */
export const search: Run = (call) =>
  withPlugins(call, async (plugins, { flags, words, io }) => {
    const { offers, troubles } = await plugins.markets.search(words)
    for (const trouble of troubles) io.err(`warning ${oneLine(trouble)}`)
    if (flags.has("json")) {
      io.out(jsonPage(offers.map(({ value: _, ...offer }) => offer)))
      return 0
    }
    if (offers.length === 0) io.err("skein: no marketplace of yours offers that; see skein plugin marketplace list")
    const columns = [{ head: "install as" }, { head: "version" }, { head: "is", isFlexible: true }]
    const rows = offers.map(({ name, market, version, description }) => [`${name}@${market}`, version, description])
    if (rows.length > 0) for (const line of table(columns, rows, await io.columns())) io.out(line)
    return offers.length === 0 ? 1 : 0
  })
