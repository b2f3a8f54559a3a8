import { isAbsolute, join } from "node:path"
import { SkeinError } from "@skein/protocol"
import { keyFileReader } from "../../key-file.ts"
import { type Ground, said } from "../ground.ts"

/** The settings of a section, by their names in small letters. */
export type Section = ReadonlyMap<string, string>

export interface SharedFiles {
  /** Both files together; undefined where neither has it. The file of keys holds where both say something. */
  profile(name: string): Section | undefined
  session(name: string): Section | undefined
  readonly profiles: readonly string[]
}

const FILE_BYTES_MAX = 1024 * 1024

/**
 * `~/.aws/config` and `~/.aws/credentials`, or where AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE say ("Shared config and
 * credentials files", AWS SDKs and Tools Reference Guide). One that is not there is empty. Throws SkeinError `config.invalid`
 * for one that cannot be read.
 */
export function sharedFiles({ env, home }: Pick<Ground, "env" | "home">): SharedFiles {
  const config = sections(read(pathOf(env, "AWS_CONFIG_FILE") ?? join(home, ".aws", "config")))
  const keys = sections(read(pathOf(env, "AWS_SHARED_CREDENTIALS_FILE") ?? join(home, ".aws", "credentials")))
  const ofConfig = (name: string) =>
    (name === "default" ? config.get("default") : undefined) ?? config.get(`profile ${name}`)
  return {
    profile(name) {
      const [base, own] = [ofConfig(name), keys.get(name)]
      return base === undefined && own === undefined ? undefined : new Map([...(base ?? []), ...(own ?? [])])
    },
    session: (name) => config.get(`sso-session ${name}`),
    profiles: [...new Set([...[...config.keys()].flatMap(profileName), ...keys.keys()])],
  }
}

/** A relative one would be a file of whatever folder skein works in, and these files name programs to run. */
function pathOf(env: Ground["env"], name: string): string | undefined {
  const path = said(env, name)
  if (path === undefined || isAbsolute(path)) return path
  throw new SkeinError("config.invalid", `${name} is no absolute path. Write it from / on.`)
}

function profileName(section: string): readonly string[] {
  if (section === "default") return [section]
  return section.startsWith("profile ") ? [section.slice("profile ".length)] : []
}

/** Sections of an INI file. What is indented belongs to a setting that skein does not read. */
function sections(text: string): ReadonlyMap<string, Map<string, string>> {
  const found = new Map<string, Map<string, string>>()
  let section: Map<string, string> | undefined
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:[#;]|$)/.test(line)) continue
    const [, head] = /^\[\s*([^\]]*?)\s*\]/.exec(line) ?? []
    if (head !== undefined) {
      const name = head.replace(/\s+/g, " ").replace(/^(profile|sso-session) ["'](.*)["']$/, "$1 $2")
      section = found.get(name) ?? new Map()
      found.set(name, section)
      continue
    }
    const [, name, value = ""] = /^([^\s=:][^=:]*?)\s*[=:]\s*(.*?)(?:\s+[#;].*)?\s*$/.exec(line) ?? []
    if (name !== undefined) section?.set(name.toLowerCase(), value)
  }
  return found
}

function read(path: string): string {
  try {
    return keyFileReader(path, FILE_BYTES_MAX, "file of AWS")().text
  } catch (error) {
    const cause = error instanceof SkeinError ? error.cause : undefined
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined
    if (code === "ENOENT" || code === "ENOTDIR") return ""
    throw new SkeinError("config.invalid", `Cannot read ${path}. Check its permissions.`, { cause: error })
  }
}
