import { randomUUID } from "node:crypto"
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs"
import { dirname } from "node:path"
import { SkeinError } from "@skein/protocol"
import { check } from "./check.ts"
import { type SettingValue, withSetting } from "./edited.ts"
import { configFiles } from "./files.ts"
import { withoutServer, withServer } from "./server-edited.ts"
import type { Tree } from "./toml.ts"

/**
 * Sets one text, list of texts, or switch in a person's file, which is made where there is none. Comments and order stay; the file is the old one or the
 * new one, never a part; a link stays a link. Throws SkeinError `config.invalid` where it cannot be.
 */
export function keepSetting(file: string, table: string, key: string, value: SettingValue): void {
  const before = configFiles().read(file)
  const after = withSetting(before ?? "", table, key, value)
  written(file, before, after, `set ${table}.${key} = ${JSON.stringify(value)} there`)
}

/** The same for a server of tools under a name that is not taken. */
export function keepServer(file: string, name: string, server: Tree): void {
  mustBeUsable(name, server)
  const before = configFiles().read(file)
  written(file, before, withServer(before ?? "", name, server), `write [mcp_servers.${name}] there`)
}

/** What would be refused when it is read is refused before it is written. */
function mustBeUsable(name: string, server: Tree): void {
  const refuse = (sentence: string) => {
    throw new SkeinError("config.invalid", sentence)
  }
  check({ name: "user", tree: { mcp_servers: { [name]: server } }, keyOf: (key) => key }, refuse)
}

/** Takes a server out. False where the file has none of this name. */
export function dropServer(file: string, name: string): boolean {
  const before = configFiles().read(file)
  const after = before === undefined ? undefined : withoutServer(before, name)
  if (before === undefined || after === before) return false
  written(file, before, after, `take [mcp_servers.${name}] out there`)
  return true
}

/** Writes a whole file of settings, as it is wanted. Throws SkeinError `config.invalid`. */
export function keepFile(file: string, text: string): void {
  written(file, configFiles().read(file), text, "change it yourself")
}

function written(file: string, before: string | undefined, after: string | undefined, how: string): void {
  if (after === undefined)
    throw new SkeinError("config.invalid", `${file} cannot be changed without changing more of it: ${how}.`)
  if (after === before) return
  try {
    replace(before === undefined ? file : realpathSync(file), after, before !== undefined)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new SkeinError("config.invalid", `${file} cannot be written: ${why}.`, { cause })
  }
}

function replace(path: string, text: string, isThere: boolean): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const beside = `${path}.${randomUUID()}`
  const fd = openSync(beside, "wx", isThere ? statSync(path).mode & 0o777 : 0o600)
  try {
    const bytes = Buffer.from(text)
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done)
    fsyncSync(fd)
  } catch (cause) {
    rmSync(beside, { force: true })
    throw cause
  } finally {
    closeSync(fd)
  }
  renameSync(beside, path)
}
