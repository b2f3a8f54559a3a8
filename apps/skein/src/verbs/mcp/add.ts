import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { keepFile, keepServer } from "@skein/config"
import type { Host } from "@skein/host"
import { jsonPage, SkeinError } from "@skein/protocol"
import { asObject, type Json, parseObject } from "@skein/protocol/json"
import { withHost } from "../../session/host.ts"
import { oneLine } from "../../tell/visible.ts"
import { UsageError } from "../../usage.ts"
import type { Run, VerbCall } from "../../verb.ts"

/** `skein mcp add x -- npx server`, `skein mcp add x --url https://…`. */
export const run: Run = (call) => {
  const [name, ...more] = call.words
  if (name === undefined) throw new UsageError(USAGE)
  // As other programs take it: the address, or the command, behind the name.
  const [first] = more
  const url = call.flags.text("url") ?? (more.length === 1 && /^https?:\/\//.test(first ?? "") ? first : undefined)
  const command = url === undefined ? [...more, ...call.rest] : []
  return added(call, name, url === undefined ? commandEntry(command, call) : addressEntry(url, call))
}

/** `skein mcp add-json x '{"command": "npx"}'`. */
export const addJson: Run = (call) => {
  const [name, text, ...more] = [...call.words, ...call.rest]
  const entry = text === undefined ? undefined : parseObject(text)
  if (name === undefined || entry === undefined || more.length > 0)
    throw new UsageError(
      'Give a name and one JSON object: skein mcp add-json x \'{"command": "npx", "args": ["server"]}\'',
    )
  return added(call, name, entry)
}

const USAGE =
  "Name the server and say what it is: skein mcp add git -- npx git-server, or skein mcp add git --url https://host/mcp"

function commandEntry([command, ...args]: readonly string[], { flags }: VerbCall): Json {
  if (command === undefined) throw new UsageError(USAGE)
  if (flags.list("header").length > 0) throw new UsageError("--header is for servers that are reached over --url.")
  const env = pairsOf(flags.list("env"), "--env", /^([A-Za-z_]\w*)=(.*)$/s)
  return { command, ...(args.length === 0 ? {} : { args }), ...(env === undefined ? {} : { env }) }
}

function addressEntry(url: string, { flags, rest }: VerbCall): Json {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new UsageError("--url takes an address with https:// or http://.")
  if (rest.length > 0 || flags.list("env").length > 0)
    throw new UsageError("A server is either reached over --url or started by a command behind --, which --env is for.")
  const headers = pairsOf(flags.list("header"), "--header", /^([\w-]+):\s*(.*)$/s)
  const bearer = flags.text("bearer-token-env-var")
  return {
    ...(flags.text("transport") === "sse" ? { type: "sse" } : { type: "http" }),
    url,
    ...(headers === undefined ? {} : { headers }),
    ...(bearer === undefined ? {} : { bearer_token_env_var: bearer }),
  }
}

function pairsOf(words: readonly string[], flag: string, form: RegExp): Readonly<Record<string, string>> | undefined {
  if (words.length === 0) return undefined
  return Object.fromEntries(
    words.map((word) => {
      const [, name, value] = form.exec(word) ?? []
      // What is wrong may hold a secret.
      if (name === undefined || value === undefined)
        throw new UsageError(`${flag} takes ${flag === "--env" ? "NAME=value" : '"Name: value"'}.`)
      return [name, value]
    }),
  )
}

function added(call: VerbCall, name: string, entry: Json): Promise<number> {
  if (!/^[A-Za-z0-9][\w.-]{0,39}$/.test(name))
    throw new UsageError("A server's name is made of letters, digits, -, _ and dots, at most 40 of them.")
  return withHost(call, async ({ call: { io, flags }, host, cwd }) => {
    const isOfProject = flags.text("scope") === "project"
    const file = isOfProject ? join(cwd, ".mcp.json") : ownFile(host)
    if (isOfProject) addToProject(file, name, entry)
    else addToOwn(host, file, name, entry)
    if (flags.has("json")) io.out(jsonPage({ name, scope: isOfProject ? "project" : "user", file }))
    else io.out(`added   ${name} to ${oneLine(file)}`)
    const next = isOfProject
      ? "Whoever opens the folder is asked first: skein trust accept"
      : `Try it: skein mcp doctor ${name}`
    io.err(`note    ${next}`)
    return 0
  })
}

function addToOwn({ config }: Host, file: string, name: string, entry: Json): void {
  if (asObject(config.values.mcp.servers[name]) !== undefined) throw taken(name, file)
  keepServer(file, name, entry)
}

function addToProject(file: string, name: string, entry: Json): void {
  const tree = projectServers(file)
  const servers = asObject(tree.mcpServers) ?? {}
  if (name in servers) throw taken(name, file)
  keepFile(file, `${JSON.stringify({ ...tree, mcpServers: { ...servers, [name]: entry } }, undefined, 2)}\n`)
}

function taken(name: string, file: string): SkeinError {
  return new SkeinError(
    "op.invalid",
    `${file} has a server ${name} already. Take it out first: skein mcp remove ${name}`,
  )
}

export function ownFile({ directories }: Host): string {
  return join(directories.config, "config.toml")
}

/** Throws SkeinError `config.invalid`. */
export function projectServers(file: string): Json {
  if (!existsSync(file)) return {}
  const tree = parseObject(readFileSync(file, "utf8"))
  if (tree === undefined)
    throw new SkeinError("config.invalid", `${file} is no JSON object. Correct it, or move it away.`)
  return tree
}
