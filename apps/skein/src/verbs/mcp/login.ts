import type { Host } from "@skein/host"
import { jsonPage } from "@skein/protocol"
import { withHost } from "../../session/host.ts"
import { oneLine } from "../../tell/visible.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"
import { attended } from "../login/account.ts"
import { chosenStore } from "../login/place.ts"

type State = Awaited<ReturnType<Host["mcp"]["logins"]["states"]>>[number]

/** `skein mcp login docs`: by a page in the person's browser, whose answer comes to this machine or is pasted. */
export const run: Run = (call) =>
  withHost(call, async ({ call: { io, flags, words }, host, cwd }) => {
    const name = oneName(words, "login")
    const scopes = (flags.text("scopes") ?? "").split(/[\s,]+/).filter((one) => one !== "")
    return await attended(io, !flags.has("no-browser"), async (person) => {
      const place = () => chosenStore(host, flags.text("source"), io)
      const done = await host.mcp.logins.login(name, { cwd }, { scopes, person, place })
      const may = done.scope === undefined ? "" : ` It may: ${oneLine(done.scope)}.`
      io.out(`Logged in to ${oneLine(name)} at ${oneLine(done.issuer)}.${may} Kept in: ${done.place}`)
      return 0
    })
  })

/** `skein mcp logout docs`. */
export const logout: Run = (call) =>
  withHost(call, async ({ call: { io, words }, host, cwd }) => {
    const name = oneName(words, "logout")
    const { removed, notes } = await host.mcp.logins.logout(name, { cwd })
    if (removed.length > 0) io.out(`Logged out of ${oneLine(name)}: removed from ${removed.join(", ")}`)
    else io.err(`note    Nobody was logged in to ${oneLine(name)}.`)
    for (const note of notes) io.err(`note    ${note}`)
    return 0
  })

/** `skein mcp status`: asks no network. Exit 1 when a login is over. */
export const status: Run = (call) =>
  withHost(call, async ({ call: { io, flags, words }, host, cwd }) => {
    const [name, ...more] = words
    if (more.length > 0) throw new UsageError("Name one server, or none: skein mcp status docs")
    const states = await host.mcp.logins.states({ cwd }, name)
    if (flags.has("json")) io.out(jsonPage(states.map(withTime)))
    else for (const state of states) io.out(line(state))
    if (states.length === 0)
      io.err("note    No server here is reached over HTTP, so nobody logs in to one. skein mcp list shows all.")
    return states.some(({ state }) => state === "ended") ? 1 : 0
  })

function oneName([name, ...more]: readonly string[], verb: string): string {
  if (name === undefined || more.length > 0)
    throw new UsageError(`Name one server: skein mcp ${verb} docs. skein mcp status shows all.`)
  return name
}

function withTime({ expiresAt, ...state }: State): unknown {
  return expiresAt === undefined ? state : { ...state, expiresAt: new Date(expiresAt).toISOString() }
}

function line(state: State): string {
  const { name, issuer, scope, expiresAt, isRenewable, source, ended } = state
  const shown = oneLine(name)
  switch (state.state) {
    case "none":
      return `${shown}: nobody is logged in. If it wants that: skein mcp login ${shown}`
    case "token":
      return `${shown}: a token in its settings`
    case "ended":
      return `${shown}: ${oneLine(ended ?? "")}. Log in again: skein mcp login ${shown}`
    case "login": {
      const until = expiresAt === undefined ? "" : `, until ${new Date(expiresAt).toISOString()}`
      const may = scope === undefined ? "" : `, may ${oneLine(scope)}`
      return `${shown}: logged in at ${oneLine(issuer ?? "")}${may}${until}${isRenewable ? ", renewed by itself" : ""}, ${source}`
    }
  }
}
