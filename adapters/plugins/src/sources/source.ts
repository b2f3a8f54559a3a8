import { existsSync } from "node:fs"
import { isAbsolute, join, resolve } from "node:path"
import { refused, shown } from "../files.ts"
import { isValues } from "../manifest/checks.ts"

/** Where a plugin, or a marketplace, is to be got from. */
export type Source =
  /** A folder or an archive of this machine; absolute. */
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "url"; readonly url: string; readonly sha256?: string | undefined }
  | {
      readonly kind: "github"
      readonly repository: string
      readonly ref?: string | undefined
      readonly path?: string | undefined
    }
  | {
      readonly kind: "git"
      readonly url: string
      readonly ref?: string | undefined
      readonly path?: string | undefined
    }
  | {
      readonly kind: "npm"
      readonly name: string
      readonly version?: string | undefined
      readonly registry?: string | undefined
    }
  | { readonly kind: "market"; readonly name: string; readonly market: string }

export interface Here {
  readonly cwd: string
  readonly home: string
}

/** What a person typed. Throws SkeinError `op.invalid`, which says what it takes. */
export function sourceOf(text: string, { cwd, home }: Here): Source {
  const path = text.startsWith("~/") ? join(home, text.slice(2)) : text
  if (isAbsolute(path) || /^\.{1,2}(\/|$)/.test(path)) return { kind: "path", path: resolve(cwd, path) }
  const npm = /^npm:((?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*)(?:@([\w.+^~-]+))?$/i.exec(text)
  if (npm?.[1] !== undefined) return { kind: "npm", name: npm[1], version: npm[2] }
  const git = /^(?:git\+)?((?:https?|ssh|file):\/\/\S+?|[\w.-]+@[\w.-]+:\S+?)(?:#(\S+))?$/.exec(text)
  if (git?.[1] !== undefined && isGit(text, git[1])) return { kind: "git", url: addressOf(git[1]), ref: git[2] }
  if (/^https?:\/\//.test(text)) return { kind: "url", url: addressOf(text) }
  const repository = /^([\w-][\w.-]*\/[\w-][\w.-]*)((?:\/[\w.-]+)+)?(?:@([\w./-]+))?$/.exec(text)
  if (repository?.[1] !== undefined && !existsSync(resolve(cwd, text)))
    return { kind: "github", repository: repository[1], path: repository[2]?.slice(1), ref: repository[3] }
  const market = /^([A-Za-z0-9][\w-]*)@([A-Za-z0-9][\w.-]*)$/.exec(text)
  if (market?.[1] !== undefined && market[2] !== undefined)
    return { kind: "market", name: market[1], market: market[2] }
  if (existsSync(resolve(cwd, text))) return { kind: "path", path: resolve(cwd, text) }
  throw refused(
    `${shown(text)} is no place to get a plugin from. It takes a folder, an archive, an https address, owner/repo[/path][@ref], ` +
      "git+https://…, npm:package, or name@marketplace.",
  )
}

/** What a marketplace says of where a plugin of it lies; relative paths stay, for who knows where the marketplace is. */
export function sourceIn(
  value: unknown,
): Source | { readonly kind: "relative"; readonly path: string; readonly sha256?: string } {
  if (typeof value === "string" && value.startsWith("./")) return { kind: "relative", path: value }
  if (typeof value === "string") {
    const source = sourceOf(value, { cwd: "/", home: "/" })
    if (source.kind === "path" || source.kind === "market") throw refused(`${shown(value)} is no source of a plugin.`)
    return source
  }
  if (!isValues(value)) throw refused("The marketplace does not say where it is: source is missing.")
  const at = (key: string) => textOf(value[key])
  const ref = at("sha") ?? at("commit") ?? at("ref")
  const kind = at("source") ?? at("type")
  const within = at("path") === undefined ? {} : { path: at("path")?.replace(/^\.\//, "") }
  if (kind === "local") return { kind: "relative", path: at("path") ?? "" }
  if (kind === "github") return { kind: "github", repository: repositoryOf(at("repo")), ref, ...within }
  if (kind === "npm")
    return { kind: "npm", name: at("package") ?? "", version: at("version"), registry: at("registry") }
  if (kind === "archive") return archiveOf(at("url") ?? at("path") ?? "", at("sha256"))
  if (kind === "url" || kind === "git" || kind === "git-subdir") {
    const url = at("url") ?? ""
    if (/^[\w-][\w.-]*\/[\w-][\w.-]*$/.test(url)) return { kind: "github", repository: url, ref, ...within }
    return { kind: "git", url: addressOf(url), ref, ...within }
  }
  throw refused(`skein knows no source of the kind ${shown(String(kind))}.`)
}

/** In words that give the same source again. */
export function sourceText(source: Source): string {
  switch (source.kind) {
    case "path":
      return source.path
    case "url":
      return source.url
    case "github":
      return `${source.repository}${source.path === undefined ? "" : `/${source.path}`}${source.ref === undefined ? "" : `@${source.ref}`}`
    case "git":
      return `git+${source.url}${source.ref === undefined ? "" : `#${source.ref}`}`
    case "npm":
      return `npm:${source.name}${source.version === undefined ? "" : `@${source.version}`}`
    case "market":
      return `${source.name}@${source.market}`
  }
}

/** Only what is encrypted on its way, or of this machine; with no password in it, because it is kept and shown. */
export function addressOf(text: string): string {
  if (/^[\w.-]+@[\w.-]+:\S+$/.test(text) && !text.includes("://")) return text
  const url = URL.parse(text)
  if (url === null) throw refused(`${shown(text)} is no address.`)
  if (url.protocol !== "ssh:" && (url.username !== "" || url.password !== ""))
    throw refused("A name or a password stands in that address. Leave it out: it would be kept and shown.")
  if (url.protocol === "http:" && !isLoopback(url.hostname))
    throw refused(`${url.origin} is not encrypted, so anybody on the way could put something else there. Use https.`)
  return text
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host)
}

function isGit(text: string, address: string): boolean {
  return text.startsWith("git+") || !/^https?:/.test(address) || address.endsWith(".git")
}

function archiveOf(text: string, sha256: string | undefined) {
  const hash = sha256 === undefined ? {} : { sha256 }
  return text.startsWith("./")
    ? { kind: "relative" as const, path: text, ...hash }
    : { kind: "url" as const, url: addressOf(text), ...hash }
}

function repositoryOf(text: string | undefined): string {
  if (text !== undefined && /^[\w-][\w.-]*\/[\w-][\w.-]*$/.test(text)) return text
  throw refused(`${shown(text ?? "")} is no repository: it takes owner/repo.`)
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined
}
