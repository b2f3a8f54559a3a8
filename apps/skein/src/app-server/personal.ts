import { createHash } from "node:crypto"
import { existsSync, readFileSync } from "node:fs"
import { writeFile } from "node:fs/promises"
import { hostname } from "node:os"
import { join } from "node:path"
import type { ForeignPart, Personal, PersonalKeys, PersonalSettings } from "@skein/codex"
import { keepSetting } from "@skein/config"
import type { Host, HostRequest } from "@skein/host"
import { SkeinError } from "@skein/protocol"
import { personsConfig } from "../session/screen-settings.ts"
import { allowedStores } from "../verbs/login/place.ts"
import { closedStore } from "./closed-store.ts"
import { personalPlugins } from "./personal-plugins.ts"
import { personalServers } from "./personal-servers.ts"

/** What an app server's clients may see and change of the person's, beside threads. */
export function personal(host: Host, request: HostRequest): Personal {
  return {
    settings: settingsOf(host, request),
    servers: personalServers(host),
    plugins: personalPlugins(host),
    keys: keysOf(host),
    redact: (text) => host.redact(text),
    writeNew: (path, text) => writeFile(path, text, { flag: "wx", mode: 0o600 }),
    foreign: async (folders, includesHome) => foreignParts(folders, includesHome ? request.home : undefined),
    installation: { name: hostname(), id: uuidOf(`${hostname()}\0${host.directories.data}`) },
  }
}

const LAYERS: Readonly<Record<string, "defaults" | "user" | "project">> = {
  defaults: "defaults",
  "base profile": "defaults",
  user: "user",
  "settings file": "user",
  project: "project",
}

function settingsOf(host: Host, request: HostRequest): PersonalSettings {
  const path = join(host.directories.config, "config.toml")
  return {
    rows(cwd) {
      const config = personsConfig({ ...request, cwd }, host.directories)
      // What a project says is known of the folder that this program works in.
      const own = cwd === host.cwd ? host.config.show().filter(({ origin }) => origin.layer === "project") : []
      const others = config.show().filter(({ key }) => !own.some((row) => row.key === key))
      return [...others, ...own].map(({ key, value, origin: { layer, file } }) => ({
        ...{ key, value: JSON.parse(host.redact(value)), layer: LAYERS[layer] ?? "session" },
        ...(file === undefined ? {} : { file }),
      }))
    },
    file: () => ({ path, sha256: sha256(existsSync(path) ? readFileSync(path) : "") }),
    keep: (table, key, value) => keepSetting(path, table, key, value),
  }
}

function keysOf(host: Host): PersonalKeys {
  const ownerOf = (provider: string) => {
    const owner = host.models.ownerOf(provider)
    if (owner === undefined) throw new SkeinError("op.invalid", `No provider is called ${provider}.`)
    return owner
  }
  return {
    async keep(provider, key) {
      const owner = ownerOf(provider)
      const value = host.keyFrom(key, `key of ${owner.name}`)
      await (await closedStore(host)).set(owner.id, value)
      await host.renewKey(owner)
    },
    async drop(provider) {
      const owner = ownerOf(provider)
      for (const store of await allowedStores(host)) {
        if ((await store.state()).kind === "ready") await store.delete(owner.id)
      }
      await host.renewKey(owner)
    },
  }
}

const FOREIGN: readonly (readonly [ForeignPart["kind"], string])[] = [
  ["CONFIG", ".claude/settings.json"],
  ["SKILLS", ".claude/skills"],
  ["SUBAGENTS", ".claude/agents"],
  ["COMMANDS", ".claude/commands"],
]

/** What lies where other programs look for it; nothing of it is read. */
function foreignParts(folders: readonly string[], home: string | undefined): readonly ForeignPart[] {
  const ofHome = [...FOREIGN, ["AGENTS_MD", ".claude/CLAUDE.md"], ["MCP_SERVER_CONFIG", ".claude.json"]] as const
  const ofFolder = [...FOREIGN, ["AGENTS_MD", "CLAUDE.md"], ["MCP_SERVER_CONFIG", ".mcp.json"]] as const
  const here = (folder: string, parts: readonly (readonly [ForeignPart["kind"], string])[]) =>
    parts.map(([kind, path]) => ({ kind, path: join(folder, path) })).filter(({ path }) => existsSync(path))
  return [
    ...(home === undefined ? [] : here(home, ofHome)),
    ...folders.flatMap((cwd) => here(cwd, ofFolder).map((part) => ({ ...part, cwd }))),
  ]
}

function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex")
}

/** The same for the same text, in the form of a UUID made from a name. */
function uuidOf(text: string): string {
  const hex = sha256(text)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
