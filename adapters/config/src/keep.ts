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
import { type SettingValue, withSetting } from "./edited.ts"
import { configFiles } from "./files.ts"

/**
 * Sets one text, or list of texts, in a person's file, which is made where there is none. Comments and order stay; the file is the old one or the
 * new one, never a part; a link stays a link. Throws SkeinError `config.invalid` where it cannot be.
 */
export function keepSetting(file: string, table: string, key: string, value: SettingValue): void {
  const before = configFiles().read(file)
  const after = withSetting(before ?? "", table, key, value)
  if (after === undefined) {
    const how = `${table}.${key} = ${JSON.stringify(value)}`
    throw new SkeinError("config.invalid", `${file} cannot be changed without changing more of it: set ${how} there.`)
  }
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
